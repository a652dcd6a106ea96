import { useMemo } from 'react';

import { failureOf } from '#client/platform/failure.ts';
import { StateScreen } from '#client/ui/states/states.tsx';
import type { BoardId, OperationId } from '#shared/kernel/ids.ts';

import { BoardPlaceContext, type BoardSlots, useBoardsText } from '../board-context.ts';
import styles from '../board-screen.module.css';
import { BoardCanvas } from '../canvas/board-canvas.tsx';
import { type Moment, usePast } from './use-past.ts';

export type PastBoardProps = Pick<BoardSlots, 'me' | 'personOf'> & {
  readonly operationId: OperationId;
  readonly boardId: BoardId;
  readonly moment: Moment;
};

const nobody = () => undefined;

/**
 * A board as it stood, with no live board behind it. Cards show their own titles of that moment: what they refer to
 * may have changed since. Fills the positioned element that it stands in.
 */
export function PastBoard({ operationId, boardId, moment, me, personOf }: PastBoardProps) {
  const say = useBoardsText();
  const past = usePast(operationId, boardId, moment);
  const place = useMemo(() => ({ operationId, boardId }), [operationId, boardId]);
  const slots = useMemo<BoardSlots>(() => ({ me, ...(personOf && { personOf }) }), [me, personOf]);
  const desk = past.state === 'live' ? null : past.desk;
  return (
    <section className={styles.screen} aria-busy={past.state === 'reading'}>
      {past.state === 'failed' && <StateScreen title={failureOf(past.error).message} bad />}
      {past.state !== 'failed' && !desk && (
        <div className={styles.opening} role="status">
          <StateScreen title={say('historyReading')} />
        </div>
      )}
      {past.state !== 'failed' && desk && (
        <BoardPlaceContext value={place}>
          <div className={styles.main}>
            <BoardCanvas
              desk={desk}
              slots={slots}
              writable={false}
              past
              history={null}
              glance={past.state === 'shown' ? past.moment.record : null}
              onSelected={nobody}
            />
          </div>
        </BoardPlaceContext>
      )}
    </section>
  );
}
