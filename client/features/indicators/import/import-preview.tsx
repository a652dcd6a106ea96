import { useMemo, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { utcTime } from '#client/platform/time.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { toast } from '#client/ui/overlays/toast.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { Verdict } from '#shared/contracts/indicators.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { indicatorsText } from '../text.ts';
import styles from './import.module.css';
import { type Preview, useCommitImport, useDecisions, useVerdicts } from './use-import.ts';
import { VerdictTable } from './verdict-table.tsx';

type Props = {
  readonly operationId: OperationId;
  readonly preview: Preview;
  readonly onBack: () => void;
  readonly onClose: () => void;
};

const shown = ['all', 'new', 'offered', 'known', 'refused'] as const;
type Shown = (typeof shown)[number];

export function ImportPreview({ operationId, preview, onBack, onClose }: Props) {
  const say = useText('indicators', indicatorsText);
  const verdicts = useVerdicts(operationId, preview);
  const commit = useCommitImport(operationId);
  const decisions = useDecisions(preview);
  const [only, setOnly] = useState<Shown>('all');
  const rows = useMemo(
    () =>
      verdicts.data.pages
        .flatMap((page) => page.verdicts)
        .filter((row) => only === 'all' || row.verdict === only),
    [verdicts.data, only],
  );
  const submit = () => {
    const { take, leave } = decisions;
    const done = ({ written }: { written: number }) => {
      toast(say('import.done', { count: written }));
      onClose();
    };
    commit.mutate({ importId: preview.importId, take, leave }, { onSuccess: done });
  };
  const loadMore = () => {
    if (verdicts.hasNextPage && !verdicts.isFetchingNextPage) verdicts.fetchNextPage();
  };
  return (
    <Dialog
      title={say('import.title')}
      wide
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <span className={styles.says}>
            {say('import.read-as', {
              format: say(`import.format.${preview.format}`),
              encoding: preview.encoding,
              time: `${utcTime(preview.expiresAt)} UTC`,
            })}
          </span>
          <Button onClick={onBack} disabled={commit.isPending}>
            {say('back')}
          </Button>
          <Button look="primary" disabled={decisions.count === 0} busy={commit.isPending} onClick={submit}>
            {say('import.submit', { count: decisions.count })}
          </Button>
        </>
      }
    >
      <Counts preview={preview} only={only} onOnly={setOnly} />
      {preview.counts.offered > 0 && <OfferActs rows={rows} decide={decisions.decide} />}
      <VerdictTable
        rows={rows}
        against={decisions.against}
        onTick={(row, take) => decisions.decide([row], take)}
        onEnd={loadMore}
        frozen={commit.isPending}
      />
      {verdicts.isFetchingNextPage && <p>{say('import.more-rows')}</p>}
      {commit.isPending && (
        <div
          className={styles.progress}
          role="progressbar"
          aria-label={say('import.writing', { count: decisions.count })}
        >
          <span>{say('import.writing', { count: decisions.count })}</span>
          <div />
        </div>
      )}
      <Trouble error={commit.error} />
    </Dialog>
  );
}

function Counts({
  preview,
  only,
  onOnly,
}: {
  preview: Preview;
  only: Shown;
  onOnly: (shown: Shown) => void;
}) {
  const say = useText('indicators', indicatorsText);
  const { counts } = preview;
  const counted = { ...counts, all: counts.read };
  return (
    <div className={styles.counts}>
      {shown.map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={only === each}
          data-kind={each}
          disabled={counted[each] === 0}
          onClick={() => onOnly(each)}
        >
          <b>{counted[each].toLocaleString('en')}</b>
          {say(`import.count.${each}`)}
        </button>
      ))}
    </div>
  );
}

type OfferProps = {
  readonly rows: readonly Verdict[];
  readonly decide: (rows: readonly Verdict[], take: boolean) => void;
};

function OfferActs({ rows, decide }: OfferProps) {
  const say = useText('indicators', indicatorsText);
  const offered = rows.filter((row) => row.verdict === 'offered');
  if (offered.length === 0) return null;
  return (
    <div className={styles.offerActs}>
      <Button onClick={() => decide(offered, true)}>{say('import.take-all')}</Button>
      <Button onClick={() => decide(offered, false)}>{say('import.take-none')}</Button>
    </div>
  );
}
