import { type KeyboardEvent, useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Tabs } from '#client/ui/controls/tabs.tsx';
import { Loading, Refused } from '#client/ui/states/states.tsx';
import type { OperationId } from '#shared/kernel/ids.ts';
import { noFindings } from '../findings/findings.ts';
import { PinDialog } from '../findings/pin-dialog.tsx';
import { useFindings } from '../findings/use-findings.ts';
import { type Opening, useOpening } from '../use-review.ts';
import { BoardThen, type RenderBoard } from './board-then.tsx';
import { HappenedLine } from './happened-line.tsx';
import styles from './replay.module.css';
import { ChatThen, PeopleThen, RegisterThen } from './room-parts.tsx';
import type { Tape } from './tape.ts';
import { replayText } from './text.ts';
import { Transport } from './transport.tsx';
import { usePlaying } from './use-playing.ts';
import { usePosition } from './use-position.ts';
import { useGrown, useRoomThen, useTape } from './use-tape.ts';

type Props = {
  readonly operationId: OperationId;
  readonly purpose: string;
  readonly renderBoard: RenderBoard;
  readonly mayFind: boolean;
};

/** The room under a slider: people, chat, register and boards as they stood after any entry of the record. */
export function Replay({ operationId, purpose, renderBoard, mayFind }: Props) {
  const say = useText('replay', replayText);
  const opening = useOpening(operationId, 'replay', purpose);
  if (opening.data) return <Opened {...{ operationId, renderBoard, mayFind }} opening={opening.data} />;
  if (opening.isError)
    return (
      <Refused
        error={opening.error}
        actions={<Button onClick={() => opening.refetch()}>{say('again')}</Button>}
      />
    );
  return <Loading label={say('opening')} rows={8} />;
}

type OpenedProps = Omit<Props, 'purpose'> & { readonly opening: Opening };

function Opened(props: OpenedProps) {
  const say = useText('replay', replayText);
  const tape = useTape(props.operationId, props.opening);
  if (!tape) return <Loading label={say('opening')} rows={8} />;
  return <Running {...props} tape={tape} />;
}

type Part = 'board' | 'chat' | 'register' | 'people';
const parts: readonly Part[] = ['board', 'chat', 'register', 'people'];

function Running({
  operationId,
  opening,
  renderBoard,
  mayFind,
  tape,
}: OpenedProps & { readonly tape: Tape }) {
  const say = useText('replay', replayText);
  const [position, go] = usePosition(tape.size);
  const phone = usePhone();
  const [wanted, setPart] = useState<Part>('chat');
  // Where there is room, the board stands beside the other parts.
  const part = wanted === 'board' && !phone ? 'chat' : wanted;
  useGrown(tape);
  const standing = useRoomThen(operationId, { reading: opening.reading, tape, position });
  const playing = usePlaying({ tape, position, shown: standing.state === 'shown', go });
  const step = position < 0 ? null : tape.stepAt(position);
  const at = step?.at ?? null;
  const move = useSteps(tape, position, go);
  const seek = (to: number) => {
    playing.pause();
    go(to);
  };
  const onStep = (direction: 1 | -1) => {
    playing.pause();
    move(direction);
  };
  const findings = useFindings(operationId).data?.findings ?? noFindings;
  const [pinning, setPinning] = useState<number | null>(null);
  const here = useMemo(() => findings.filter(({ pinned }) => pinned.seq === step?.seq), [findings, step]);
  const pin =
    mayFind && step !== null
      ? () => {
          playing.pause();
          setPinning(step.seq);
        }
      : undefined;
  const toFinding = (direction: 1 | -1) => {
    const seqs = findings.map(({ pinned }) => pinned.seq).filter((seq) => seq >= 0);
    const to =
      direction === 1
        ? Math.min(...seqs.filter((seq) => seq > position))
        : Math.max(...seqs.filter((seq) => seq < position));
    if (Number.isFinite(to)) seek(to);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const act = actOf(event, { seek, onStep, toggle: playing.toggle, pin, toFinding, last: tape.size - 1 });
    if (!act) return;
    event.preventDefault();
    act();
  };
  const held = standing.state === 'failed' ? null : standing.held;
  const about = step?.object?.id ?? null;
  return (
    <>
      <section className={styles.replay} aria-label={say('title')} data-part={part} onKeyDown={onKeyDown}>
        <HappenedLine step={step} people={tape.people} findings={here} onPin={pin} />
        {standing.state === 'failed' && (
          <Refused
            error={standing.error}
            actions={<Button onClick={standing.again}>{say('again')}</Button>}
          />
        )}
        {standing.state === 'reading' && held === null && <Loading label={say('reading')} rows={8} />}
        {held && (
          <div className={styles.room} aria-busy={standing.state === 'reading'}>
            <div className={styles.board}>
              <BoardThen room={held.room} about={about} at={at} renderBoard={renderBoard} />
            </div>
            <div className={styles.side}>
              <Tabs
                label={say('parts')}
                panel="replay-part"
                tabs={parts
                  .filter((id) => phone || id !== 'board')
                  .map((id) => ({ id, label: say(id), badge: <Count>{countIn(held.room, id)}</Count> }))}
                chosen={part}
                onChoose={setPart}
              />
              <div id="replay-part" role="tabpanel" className={styles.part}>
                {part === 'chat' && <ChatThen then={held} about={about} />}
                {part === 'register' && <RegisterThen then={held} about={about} />}
                {part === 'people' && <PeopleThen then={held} about={about} />}
              </div>
            </div>
          </div>
        )}
        <Transport
          tape={tape}
          position={position}
          at={at}
          playing={playing}
          findings={findings}
          onGo={seek}
          onStep={onStep}
        />
      </section>
      {pinning !== null && (
        <PinDialog operationId={operationId} seq={pinning} onClose={() => setPinning(null)} />
      )}
    </>
  );
}

function Count({ children }: { readonly children: string }) {
  return <span className={styles.count}>{children}</span>;
}

type Room = Parameters<typeof BoardThen>[0]['room'];

function countIn(room: Room, part: Part): string {
  const count = {
    board: room.boards.length,
    chat: room.chat.total,
    register: room.register.total,
    people: room.members.length,
  }[part];
  return count.toLocaleString('en');
}

/** One entry on or back, over those that the reader may not see. */
function useSteps(tape: Tape, position: number, go: (to: number) => void) {
  return useCallback(
    (direction: 1 | -1) => {
      if (direction === 1) go(tape.after(position)?.seq ?? position + 1);
      else go(tape.stepAt((tape.stepAt(position)?.seq ?? position) - 1)?.seq ?? position - 1);
    },
    [tape, position, go],
  );
}

type Acts = {
  readonly seek: (to: number) => void;
  readonly onStep: (direction: 1 | -1) => void;
  readonly toggle: () => void;
  readonly pin: (() => void) | undefined;
  readonly toFinding: (direction: 1 | -1) => void;
  readonly last: number;
};

/** What a key means here; where it has a meaning of its own, that one stays. */
function actOf(event: KeyboardEvent<HTMLElement>, acts: Acts): (() => void) | null {
  const { target, key } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return null;
  if (!(target instanceof HTMLElement) || target.closest('[role="tablist"], [data-card], select'))
    return null;
  const slider = target instanceof HTMLInputElement && target.type === 'range';
  if (!slider && target.matches('input, textarea')) return null;
  switch (key) {
    case 'ArrowLeft':
      return () => (event.shiftKey ? acts.toFinding(-1) : acts.onStep(-1));
    case 'ArrowRight':
      return () => (event.shiftKey ? acts.toFinding(1) : acts.onStep(1));
    case 'Home':
      return () => acts.seek(-1);
    case 'End':
      return () => acts.seek(acts.last);
    case 'f':
      return acts.pin ?? null;
    case ' ':
      return target.matches('button') ? null : acts.toggle;
    default:
      return null;
  }
}

const narrow = matchMedia('(max-width: 900px)');

function usePhone(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener('change', listener);
      return () => narrow.removeEventListener('change', listener);
    },
    () => narrow.matches,
  );
}
