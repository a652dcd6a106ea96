import { IconArrowsDiff, IconEye, IconFilter, IconPinned, IconPlayerPlay, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useText } from '#client/platform/text.ts';
import { Button, buttonClass, IconButton } from '#client/ui/controls/button.tsx';
import { countryName, deskLine } from '#client/ui/item/country.ts';
import { Pill } from '#client/ui/item/pill.tsx';
import { Time } from '#client/ui/item/time.tsx';
import { Loading, Refused } from '#client/ui/states/states.tsx';
import { isEventKind } from '#shared/contracts/event-kinds.ts';
import type { EntryOnWire } from '#shared/contracts/rooms.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { pinsOnLine } from '../findings/findings.ts';
import { findingAddress, PinnedHere } from '../findings/pinned-here.tsx';
import { findingsText } from '../findings/text.ts';
import { usePins } from '../findings/use-findings.ts';
import { reviewText } from '../text.ts';
import { ProofBadge } from '../verify/proof-badge.tsx';
import type { Trust } from '../verify/trust.ts';
import { useVerdict } from '../verify/use-trust.ts';
import { actOf, actorOf } from './describe.ts';
import styles from './entries.module.css';
import type { Line } from './line.ts';
import { useGroup } from './use-group.ts';

type Props = {
  readonly operationId: OperationId;
  readonly line: Line;
  readonly trust: Trust | undefined;
  readonly compartments: readonly { readonly id: string; readonly name: string }[];
  readonly onOnlyObject: (object: { kind: string; id: string }) => void;
  /** Not given where nothing can be pinned. */
  readonly onPin: (() => void) | undefined;
  readonly onClose: () => void;
};

/** One entry whole, with what this browser verified of it. */
export function EntryDrawer(props: Props) {
  const { operationId, line, trust, onPin, onClose } = props;
  const sayFindings = useText('findings', findingsText);
  const pins = usePins(operationId);
  const say = useText('review', reviewText);
  const { entry } = line;
  return (
    <aside className={styles.drawer} aria-label={say('drawer.title', { seq: entry.seq })}>
      <header>
        <h2>{say('drawer.title', { seq: entry.seq.toLocaleString('en') })}</h2>
        <ProofBadge operationId={operationId} entry={entry} trust={trust} words />
        <IconButton label={say('close')} onClick={onClose}>
          <IconX size={16} />
        </IconButton>
      </header>
      <Facts {...props} entry={entry} />
      <nav className={styles.ways}>
        <Link className={buttonClass} to={`?view=replay&at=${entry.seq}`}>
          <IconPlayerPlay size={15} />
          {say('drawer.replay')}
        </Link>
        <Link className={buttonClass} to={`?view=compare&a=${entry.seq}`}>
          <IconArrowsDiff size={15} />
          {say('drawer.compare')}
        </Link>
        <Link className={buttonClass} to={`?view=access&entry=${entry.seq}`}>
          <IconEye size={15} />
          {say('drawer.who-saw')}
        </Link>
        {entry.object?.kind === 'finding' && (
          <Link className={buttonClass} to={findingAddress(entry.object.id)}>
            <IconPinned size={15} />
            {sayFindings('read')}
          </Link>
        )}
        {onPin && (
          <Button onClick={onPin} title={sayFindings('pin.open-key')}>
            <IconPinned size={15} />
            {sayFindings('pin.open')}
          </Button>
        )}
      </nav>
      <PinnedHere findings={pinsOnLine(pins, line)} />
      <ProofFacts operationId={operationId} entry={entry} trust={trust} />
      <h3>{say('drawer.content')}</h3>
      {entry.body === null ? (
        <p className={styles.none}>{say('drawer.no-content')}</p>
      ) : (
        <pre>{JSON.stringify(entry.body, null, 2)}</pre>
      )}
      {line.count > 1 && <Group operationId={operationId} line={line} trust={trust} />}
    </aside>
  );
}

function Facts({ entry, compartments, onOnlyObject }: Props & { readonly entry: EntryOnWire }) {
  const say = useText('review', reviewText);
  const { by, object } = entry;
  const verb = isEventKind(entry.kind) ? entry.verb : '';
  const facts: readonly (readonly [string, ReactNode])[] = [
    [say('drawer.when'), <Time key="t" iso={entry.at} form="both" />],
    [
      say('drawer.who'),
      by ? `${by.name}, ${deskLine(by)} (${countryName(by.country)})` : actorOf(entry, say),
    ],
    [say('drawer.what'), `${actOf(entry, say)} · ${entry.kind}`],
    [say('drawer.class'), verb],
    [
      say('drawer.object'),
      object && (
        <span className={styles.object}>
          <span className="mono">
            {object.kind} {object.id}
          </span>
          <Button look="quiet" onClick={() => onOnlyObject(object)}>
            <IconFilter size={14} />
            {say('drawer.only')}
          </Button>
        </span>
      ),
    ],
    [say('drawer.compartment'), compartments.find((each) => each.id === entry.compartment)?.name],
    [say('drawer.outcome'), entry.outcome === 'refused' && <Pill tone="bad">{say('refused')}</Pill>],
    [say('drawer.size'), say('drawer.bytes', { size: entry.size.toLocaleString('en') })],
    [
      say('drawer.hash'),
      <span key="h" className="mono">
        {entry.leafHash}
      </span>,
    ],
  ];
  return (
    <dl>
      {facts
        .filter(([, value]) => Boolean(value))
        .map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

type ProofProps = Pick<Props, 'operationId' | 'trust'> & { readonly entry: EntryOnWire };

function ProofFacts({ operationId, entry, trust }: ProofProps) {
  const say = useText('review', reviewText);
  const verdict = useVerdict(operationId, entry, trust);
  if (!verdict.data) return null;
  const { data } = verdict;
  return (
    <>
      <h3>{say('drawer.proof')}</h3>
      <p className={styles.proof} data-ok={data.ok}>
        {data.ok
          ? say('drawer.proof-says', { seq: entry.seq, size: data.size, steps: data.steps })
          : say('drawer.reason', { reason: data.reason })}
      </p>
    </>
  );
}

function Group({ operationId, line, trust }: Pick<Props, 'operationId' | 'line' | 'trust'>) {
  const say = useText('review', reviewText);
  const group = useGroup(operationId, line);
  return (
    <>
      <h3>{say('drawer.group', { count: line.count })}</h3>
      {line.sentences.length > 0 && <p>{line.sentences.join('; ')}</p>}
      {group.isPending && <Loading label={say('loading')} rows={3} />}
      {group.isError && <Refused error={group.error} />}
      <ul className={styles.group}>
        {group.data?.map((entry) => (
          <li key={entry.seq}>
            <span className="mono">#{entry.seq}</span>
            <Time iso={entry.at} />
            <span>{say('drawer.bytes', { size: entry.size })}</span>
            <ProofBadge operationId={operationId} entry={entry} trust={trust} />
          </li>
        ))}
      </ul>
    </>
  );
}
