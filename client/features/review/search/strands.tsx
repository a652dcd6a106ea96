import { useText } from '#client/platform/text.ts';
import { type TimelineGroup, timelineGroups } from '#shared/contracts/review-timeline.ts';
import { reviewText } from '../text.ts';
import styles from './search.module.css';
import { StrandIcon } from './strand-icon.tsx';

type Props = {
  readonly chosen: TimelineGroup | '';
  readonly onChoose: (strand: TimelineGroup | '') => void;
};

/** The strands of the one timeline, one of them or all. */
export function Strands({ chosen, onChoose }: Props) {
  const say = useText('review', reviewText);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a row that scrolls.
    <div className={styles.strands} role="group" aria-label={say('strands')}>
      <button type="button" aria-pressed={chosen === ''} onClick={() => onChoose('')}>
        {say('strand.all')}
      </button>
      {timelineGroups.map((strand) => (
        <button
          key={strand}
          type="button"
          aria-pressed={chosen === strand}
          onClick={() => onChoose(chosen === strand ? '' : strand)}
        >
          <StrandIcon strand={strand} size={14} />
          {say(`strand.${strand}`)}
        </button>
      ))}
    </div>
  );
}
