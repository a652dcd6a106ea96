import { IconAlertOctagon, IconAlertTriangle, IconDeviceFloppy } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { createPortal } from 'react-dom';
import { useNow } from '#client/platform/clock.ts';
import { useRoomFact } from '#client/platform/live-context.tsx';
import { saveFile } from '#client/platform/save-file.ts';
import { useText } from '#client/platform/text.ts';
import { elapsed, utcStamp } from '#client/platform/time.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { toast } from '#client/ui/overlays/toast.tsx';
import { type Evidence, evidenceText } from '#shared/record/witness/evidence.ts';
import { reviewText } from '../text.ts';
import { alarmWords } from '../verify/alarm-words.ts';
import { readPolicy } from '../verify/pinned.ts';
import { useStartAgain, useTrust } from '../verify/use-trust.ts';
import styles from './alarm.module.css';
import type { Room } from './room.ts';
import { staleIn, type Waiting, waitingIn } from './standing.ts';
import { witnessesText } from './text.ts';
import { WitnessesDialog } from './witnesses-dialog.tsx';

/** Over everything in the room: what makes the record doubtful, what to do, and the notes that contradict each other. [RC-68] */
export function RecordAlarm({ room }: { readonly room: Room }) {
  const say = useText('witnesses', witnessesText);
  const trust = useTrust(room.operationId, room.origin).data;
  if (trust === undefined || trust.state === 'unsigned') return null;
  if (trust.state === 'bad')
    return (
      <section className={styles.alarm} role="alert" aria-label={say('alarm.bad-title')}>
        <IconAlertOctagon size={26} />
        <div className={styles.words}>
          <h2>{say('alarm.bad-title')}</h2>
          <p>{say('alarm.bad', { reason: trust.reason })}</p>
        </div>
      </section>
    );
  if (trust.state === 'held') return <StaleAlarm room={room} />;
  return <Contradiction room={room} evidence={trust.evidence} />;
}

function Contradiction({ room, evidence }: { readonly room: Room; readonly evidence: Evidence }) {
  const say = useText('witnesses', witnessesText);
  const review = useText('review', reviewText);
  const [asking, setAsking] = useState(false);
  const { title, says } = alarmWords(review, evidence.state);
  const save = () => {
    const name = `muster-evidence-${room.operationId.slice(0, 8)}.json`;
    saveFile(new Blob([evidenceText(evidence)], { type: 'application/json' }), name);
    toast(say('alarm.saved', { name }));
  };
  return (
    <section className={styles.alarm} role="alert" aria-label={title}>
      <IconAlertOctagon size={26} />
      <div className={styles.words}>
        <h2>{title}</h2>
        <p>{says}</p>
        <dl className={styles.notes}>
          <dt>{say('alarm.known')}</dt>
          <dd>{treeOf(evidence.known.note) ?? `#${evidence.known.size} ${evidence.known.root}`}</dd>
          <dt>{say('alarm.shown')}</dt>
          <dd>{treeOf(evidence.shown.note) ?? say('alarm.nothing')}</dd>
          {evidence.state === 'key-changed' && <Keys evidence={evidence} />}
        </dl>
        <p className={styles.when}>
          {say('alarm.seen', { when: utcStamp(evidence.seenAt) })} · {evidence.reason}
        </p>
      </div>
      <div className={styles.acts}>
        <b>{say('alarm.do')}</b>
        <ol>
          <li>{say('alarm.do-1')}</li>
          <li>{say('alarm.do-2')}</li>
          <li>{say('alarm.do-3')}</li>
        </ol>
        <div className={styles.buttons}>
          <Button className={styles.save ?? ''} onClick={save}>
            <IconDeviceFloppy size={15} />
            {say('alarm.save')}
          </Button>
          <button type="button" className={styles.again} onClick={() => setAsking(true)}>
            {say('alarm.again')}
          </button>
        </div>
      </div>
      {asking &&
        createPortal(
          <StartAgain room={room} onSave={save} onClose={() => setAsking(false)} />,
          document.body,
        )}
    </section>
  );
}

/** `#42 XRv6…=`: the two lines of a note that say which tree. */
function treeOf(note: string | null): string | null {
  const [, size, root] = note?.split('\n') ?? [];
  return size && root ? `#${size} ${root}` : null;
}

function Keys({ evidence: { known, shown } }: { readonly evidence: Evidence }) {
  const say = useText('witnesses', witnessesText);
  return (
    <>
      <dt>{say('alarm.known-key')}</dt>
      <dd>{known.vkey}</dd>
      <dt>{say('alarm.shown-key')}</dt>
      <dd>{shown.vkey ?? say('alarm.nothing')}</dd>
    </>
  );
}

function StartAgain(props: {
  readonly room: Room;
  readonly onSave: () => void;
  readonly onClose: () => void;
}) {
  const say = useText('witnesses', witnessesText);
  const startAgain = useStartAgain(props.room.operationId, props.room.origin);
  return (
    <Dialog
      title={say('alarm.again-title')}
      onClose={props.onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={props.onClose}>{say('cancel')}</Button>
          <Button onClick={props.onSave}>{say('alarm.save')}</Button>
          <Button look="danger" onClick={() => void startAgain()}>
            {say('alarm.again-submit')}
          </Button>
        </>
      }
    >
      <p>{say('alarm.again-says')}</p>
    </Dialog>
  );
}

function StaleAlarm({ room }: { readonly room: Room }) {
  const say = useText('witnesses', witnessesText);
  const { operationId, origin, actor } = room;
  const now = useNow(10_000);
  const head = useRoomFact((live) => live.cursor);
  const trust = useTrust(operationId, origin).data;
  const [open, setOpen] = useState(false);
  const policyAt = readPolicy(origin)?.at ?? null;
  const [before, setBefore] = useState<Waiting | null>(null);
  const size = trust?.state === 'held' ? trust.checkpoint.size : head;
  const waiting = waitingIn(before, { head, size, now });
  if (waiting !== before) setBefore(waiting);
  const stale = staleIn({ trust, now, live: actor.operation === 'live', waiting, policyAt });
  if (stale === null) return null;
  const ago = elapsed(stale.since, now);
  const title = say(`stale.${stale.what}-title`, { ago });
  return (
    <StaleBanner
      title={title}
      says={say(`stale.${stale.what}`)}
      action={stale.what === 'quorum' && <Button onClick={() => setOpen(true)}>{say('stale.show')}</Button>}
    >
      {open && createPortal(<WitnessesDialog room={room} onClose={() => setOpen(false)} />, document.body)}
    </StaleBanner>
  );
}

function StaleBanner(props: {
  readonly title: string;
  readonly says: string;
  readonly action: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className={styles.stale} role="alert" aria-label={props.title}>
      <IconAlertTriangle size={20} />
      <div className={styles.words}>
        <h2>{props.title}</h2>
        <p>{props.says}</p>
      </div>
      {props.action}
      {props.children}
    </section>
  );
}
