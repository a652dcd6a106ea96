import { IconDownload, IconFileZip, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useRoomFact } from '#client/platform/live-context.tsx';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import type { Person } from '#shared/contracts/common.ts';
import type { OfficerId, OperationId } from '#shared/kernel/ids.ts';
import { ExportRecord } from './export-record.tsx';
import type { ReviewFilter } from './filters/review-filter.ts';
import { ExportPack } from './packs/export-pack.tsx';
import { packsText } from './packs/text.ts';
import type { RenderBoard } from './replay/board-then.tsx';
import styles from './review.module.css';
import { reviewText } from './text.ts';

export type ReviewProps = {
  readonly operationId: OperationId;
  readonly name: string;
  /** Origin of the operation's record: the name its key must carry. */
  readonly origin: string;
  readonly compartments: readonly { readonly id: string; readonly name: string }[];
  readonly people: readonly Person[];
  readonly mayExport: boolean;
  /** Whether findings can be written: by this officer, and in the state the operation is in. */
  readonly mayFind: boolean;
  /** Who reads. */
  readonly officer: OfficerId;
  readonly renderBoard: RenderBoard;
};

type Shown = {
  readonly asOf: number;
  readonly total: number;
  readonly totalIs?: 'exact' | 'at least';
};

type HeadProps = ReviewProps & {
  readonly filter: ReviewFilter;
  readonly shown: Shown | undefined;
  readonly searching: boolean;
  readonly onAgain: () => void;
};

export function TimelineHead(props: HeadProps) {
  const { operationId, people, compartments, filter, mayExport, shown, searching, onAgain } = props;
  const say = useText('review', reviewText);
  const head = useRoomFact((room) => room.cursor);
  const sayPack = useText('packs', packsText);
  const [exporting, setExporting] = useState<'record' | 'pack' | null>(null);
  const fresh = shown === undefined ? 0 : head - shown.asOf;
  // The entry of a search comes after what it found.
  const waiting = searching ? fresh - 1 : fresh;
  return (
    <header className={styles.head}>
      <h2>{say('title')}</h2>
      <span className={styles.total} role="status">
        {shown && totalOf(shown, searching, say)}
      </span>
      {waiting > 0 && (
        <Button look="quiet" className={styles.fresh ?? ''} onClick={onAgain}>
          <IconRefresh size={14} />
          {say('fresh', { count: waiting })}
        </Button>
      )}
      <span className={styles.space} />
      {mayExport && (
        <>
          <Button onClick={() => setExporting('pack')}>
            <IconFileZip size={15} />
            {sayPack('open')}
          </Button>
          <Button onClick={() => setExporting('record')}>
            <IconDownload size={15} />
            {say('export')}
          </Button>
        </>
      )}
      {exporting === 'record' && (
        <ExportRecord operationId={operationId} onClose={() => setExporting(null)} />
      )}
      {exporting === 'pack' && (
        <ExportPack
          operationId={operationId}
          filter={filter}
          people={people}
          compartments={compartments}
          onClose={() => setExporting(null)}
        />
      )}
    </header>
  );
}

type Say = ReturnType<typeof useText<typeof reviewText>>;

function totalOf({ total, totalIs }: Shown, searching: boolean, say: Say): string {
  if (!searching) return say('total', { count: total });
  if (totalIs === 'at least') return say('found-more', { count: total });
  return say('found', { count: total });
}
