import { IconServer2 } from '@tabler/icons-react';
import { memo } from 'react';
import { useText } from '#client/platform/text.ts';
import { bothStamps, utcSeconds, utcStamp } from '#client/platform/time.ts';
import { classes } from '#client/ui/classes.ts';
import { Avatar } from '#client/ui/item/avatar.tsx';
import { Pill } from '#client/ui/item/pill.tsx';
import type { Finding } from '#shared/contracts/review-findings.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { PinMark } from '../findings/pinned-here.tsx';
import { Marked } from '../search/marked.tsx';
import { StrandIcon } from '../search/strand-icon.tsx';
import { reviewText } from '../text.ts';
import { ProofBadge } from '../verify/proof-badge.tsx';
import type { Trust } from '../verify/trust.ts';
import { actOf, actorOf, gistOf } from './describe.ts';
import styles from './entries.module.css';
import type { Line } from './line.ts';

type Props = {
  readonly operationId: OperationId;
  readonly line: Line;
  readonly trust: Trust | undefined;
  readonly chosen: boolean;
  /** What was sought, to be marked in what was found. */
  readonly sought: string;
  /** Pinned to an entry of this line; the same list as long as it holds the same. */
  readonly findings: readonly Finding[];
  readonly onChoose: (line: Line) => void;
};

export const EntryRow = memo(function EntryRow(props: Props) {
  const say = useText('review', reviewText);
  const { operationId, line, trust, chosen, sought, findings, onChoose } = props;
  const { entry, count, sentences, texts } = line;
  const [text] = texts;
  return (
    <button
      type="button"
      data-line={entry.seq}
      className={classes(styles.row, chosen && styles.chosen)}
      aria-pressed={chosen}
      onClick={() => onChoose(line)}
    >
      <span className={styles.seq}>#{entry.seq}</span>
      <time className={styles.time} dateTime={entry.at} title={bothStamps(entry.at)}>
        {utcStamp(entry.at).slice(0, -5)}
        {utcSeconds(entry.at)}
      </time>
      {entry.by ? (
        <Avatar person={entry.by} size={22} />
      ) : (
        <span className={styles.hub}>
          <IconServer2 size={14} stroke={1.6} />
        </span>
      )}
      <span className={styles.who}>
        <b>{actorOf(entry, say)}</b> {entry.country && <span>{entry.country}</span>}
      </span>
      <span className={styles.act}>
        <StrandIcon strand={line.group} />
        {actOf(entry, say)}
      </span>
      <span className={styles.gist}>
        {count > 1 && <b title={say('folded', { count })}>×{count} </b>}
        {sentences.join('; ') || (text === undefined && gistOf(entry))}
      </span>
      <span className={styles.end}>
        <PinMark findings={findings} />
        {entry.outcome === 'refused' && <Pill tone="bad">{say('refused')}</Pill>}
        <ProofBadge operationId={operationId} entry={entry} trust={trust} />
      </span>
      {text !== undefined && (
        <span className={styles.found}>
          <Marked text={text} sought={sought} />
        </span>
      )}
    </button>
  );
});
