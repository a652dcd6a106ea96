import { IconServer2 } from '@tabler/icons-react';
import { useText } from '#client/platform/text.ts';
import { Avatar } from '#client/ui/item/avatar.tsx';
import { deskLine } from '#client/ui/item/country.ts';
import { Pill } from '#client/ui/item/pill.tsx';
import { Time } from '#client/ui/item/time.tsx';
import { defang } from '#shared/interchange/defang.ts';
import { actOf, actorOf, gistOf } from '../entries/describe.ts';
import type { Line } from '../entries/line.ts';
import { StrandIcon } from '../search/strand-icon.tsx';
import { reviewText } from '../text.ts';
import styles from './finding.module.css';

/** The entry that a finding is about: who, when, what, and its words. */
export function AboutEntry({ line }: { readonly line: Pick<Line, 'entry' | 'group' | 'sentences'> }) {
  const sayEntry = useText('review', reviewText);
  const { entry, group, sentences } = line;
  const gist = sentences.join('; ') || gistOf(entry);
  return (
    <div className={styles.entry}>
      {entry.by ? (
        <Avatar person={entry.by} size={26} />
      ) : (
        <span className={styles.hub}>
          <IconServer2 size={15} stroke={1.6} />
        </span>
      )}
      <div>
        <p className={styles.entryWho}>
          <b>{actorOf(entry, sayEntry)}</b>
          {entry.by && <span>{deskLine(entry.by)}</span>}
          <span className={styles.entryAct}>
            <StrandIcon strand={group} size={14} />
            {actOf(entry, sayEntry)}
          </span>
          {entry.outcome === 'refused' && <Pill tone="bad">{sayEntry('refused')}</Pill>}
        </p>
        {gist !== '' && <p className={styles.entryWords}>{defang(gist)}</p>}
        <p className={styles.entryWhen}>
          <span>#{entry.seq}</span>
          <Time iso={entry.at} form="both" />
        </p>
      </div>
    </div>
  );
}
