import { IconTrash } from '@tabler/icons-react';
import { useNow } from '#client/platform/clock.ts';
import { useText } from '#client/platform/text.ts';
import { elapsed, utcStamp } from '#client/platform/time.ts';
import { IconButton } from '#client/ui/controls/button.tsx';
import { CopyButton } from '#client/ui/controls/copy-button.tsx';
import { Pill } from '#client/ui/item/pill.tsx';
import type { Witness } from '#shared/contracts/witnesses.ts';
import { witnessesText } from './text.ts';
import styles from './witnesses.module.css';

type Props = {
  readonly witnesses: readonly Witness[];
  readonly mayRetire: (witness: Witness) => boolean;
  readonly onRetire: (witness: Witness) => void;
};

export function WitnessList({ witnesses, mayRetire, onRetire }: Props) {
  const say = useText('witnesses', witnessesText);
  return (
    <ul className={styles.list} aria-label={say('title')}>
      {witnesses.map((witness) => (
        <Row
          key={witness.id}
          witness={witness}
          {...(witness.retiredAt === null && mayRetire(witness) ? { onRetire: () => onRetire(witness) } : {})}
        />
      ))}
    </ul>
  );
}

function Row({ witness, onRetire }: { readonly witness: Witness; readonly onRetire?: () => void }) {
  const say = useText('witnesses', witnessesText);
  const now = useNow(1000);
  const { last, lastOfHub, desk } = witness;
  const seen =
    last === null
      ? say('list.never')
      : say('list.seen-at', {
          size: last.size.toLocaleString('en'),
          ago: elapsed(Date.parse(last.at), now),
        });
  return (
    <li className={styles.row} data-retired={witness.retiredAt !== null}>
      <span className={styles.country}>{witness.country}</span>
      <span className={styles.desk}>
        <b>{desk}</b>
        <span>{witness.deskName}</span>
      </span>
      <span className={styles.kind} title={witness.kind === 'witness' ? undefined : say('kind.browser-hint')}>
        {say(`kind.${witness.kind}`)}
        {witness.kind === 'officer-browser' && witness.registeredBy && (
          <span>{witness.registeredBy.name}</span>
        )}
      </span>
      <span className={styles.seen}>
        <span>{seen}</span>
        {lastOfHub && (
          <span>
            {say('list.hub-at', {
              size: lastOfHub.size.toLocaleString('en'),
              ago: elapsed(Date.parse(lastOfHub.at), now),
            })}
          </span>
        )}
      </span>
      <span className={styles.state}>
        <Standing witness={witness} />
      </span>
      <span className={styles.buttons}>
        <CopyButton text={witness.vkey} label={say('copy-key', { desk })} />
        {onRetire && (
          <IconButton label={say('retire.open', { desk })} onClick={onRetire}>
            <IconTrash size={15} />
          </IconButton>
        )}
      </span>
    </li>
  );
}

function Standing({ witness }: { readonly witness: Witness }) {
  const say = useText('witnesses', witnessesText);
  const { kind, retiredAt, inQuorum } = witness;
  if (retiredAt !== null && inQuorum) return <Pill tone="bad">{say('state.still-counted')}</Pill>;
  if (retiredAt !== null) return <Pill>{say('state.retired', { when: utcStamp(retiredAt) })}</Pill>;
  if (kind === 'officer-browser') return <Pill>{say('state.never-counts')}</Pill>;
  return inQuorum ? (
    <Pill tone="good">{say('state.counts')}</Pill>
  ) : (
    <Pill tone="warn">{say('state.not-counted')}</Pill>
  );
}
