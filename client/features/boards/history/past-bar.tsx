import { IconHistory } from '@tabler/icons-react';
import { useState } from 'react';

import { failureOf } from '#client/platform/failure.ts';
import { localStamp, utcSeconds } from '#client/platform/time.ts';
import { Button } from '#client/ui/controls/button.tsx';

import { type BoardDesk, useBoardsText } from '../board-context.ts';
import { Banner } from '../panels/board-states.tsx';
import { linksThen } from './model/links-then.ts';
import { RestoreDialog, type Wish } from './restore-dialog.tsx';
import type { HistoryView } from './use-history-view.ts';

type Props = {
  readonly view: HistoryView;
  /** The live board, for whoever may write to it. */
  readonly live: BoardDesk | null;
};

/** Says that this is not the board as it is, and what can be done from here. */
export function PastBar({ view, live }: Props) {
  const say = useBoardsText();
  const [wish, setWish] = useState<Wish | null>(null);
  const { past, selected, showAt } = view;
  if (past.state === 'live') return null;
  const { moment } = past;
  const time = utcSeconds(moment.at);
  const card = selected === null ? undefined : past.desk?.store.snapshot().cards.get(selected);
  return (
    <>
      <Banner tone="past" icon={<IconHistory size={16} />}>
        <span>
          <b>
            {past.state === 'shown' && say('pastAt', { time, seq: moment.seq })}
            {past.state === 'reading' && say('pastReading', { time })}
            {past.state === 'failed' && say('pastFailed', { time, why: failureOf(past.error).message })}
          </b>
          <small>{say('pastLocal', { local: localStamp(moment.at) })}</small>
        </span>
        {past.state === 'failed' && <Button onClick={past.again}>{say('historyAgain')}</Button>}
        {past.state === 'shown' && live && (
          <>
            <Button
              disabled={!card}
              title={card ? undefined : say('pastPick')}
              onClick={() =>
                card &&
                setWish({ board: past.board, which: linksThen(past.board, card.id), title: card.title })
              }
            >
              {say('pastRestoreCard')}
            </Button>
            <Button onClick={() => setWish({ board: past.board, which: 'all', title: null })}>
              {say('pastRestoreAll')}
            </Button>
          </>
        )}
        <Button look="primary" onClick={() => showAt(null)}>
          {say('pastLive')}
        </Button>
      </Banner>
      {wish && live && (
        <RestoreDialog
          wish={wish}
          time={time}
          live={live}
          onClose={() => setWish(null)}
          onDone={() => showAt(null)}
        />
      )}
    </>
  );
}
