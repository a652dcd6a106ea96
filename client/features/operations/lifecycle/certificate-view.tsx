import { IconDownload } from '@tabler/icons-react';

import { saveFile } from '#client/platform/save-file.ts';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { CopyButton } from '#client/ui/controls/copy-button.tsx';
import { Time } from '#client/ui/item/time.tsx';
import { Loading, Trouble } from '#client/ui/states/states.tsx';
import type { OperationSummary } from '#shared/contracts/operations.ts';
import { type Certificate, type Counts, type Decider, parseCertificate } from '#shared/record/certificate.ts';
import { parseNote } from '#shared/record/note.ts';

import styles from './shelved.module.css';
import { lifecycleText } from './text.ts';
import { useCertificate } from './use-lifecycle.ts';

type Props = { readonly operation: OperationSummary; readonly signed: boolean };

/** What was destroyed, who decided it and when, as the record's key signed it. */
export function CertificateView({ operation, signed }: Props) {
  const say = useText('lifecycle', lifecycleText);
  const certificate = useCertificate(operation.id, signed);
  if (!signed) return <p role="status">{say('purged.waiting')}</p>;
  if (certificate.isPending) return <Loading label={say('loading')} rows={4} />;
  if (certificate.isError) return <Trouble error={certificate.error} />;
  const { note, vkey } = certificate.data;
  const read = parseCertificate(parseNote(note)?.text ?? '');
  const save = () =>
    saveFile(new Blob([note], { type: 'text/plain;charset=utf-8' }), `${operation.id}-certificate.txt`);
  return (
    <>
      {read && <Facts certificate={read} />}
      <div className={styles.key}>
        <span>{say('purged.key')}</span>
        <code>{vkey}</code>
        <CopyButton text={vkey} label={say('purged.key')} />
      </div>
      <p>
        {say('purged.check')} {say('purged.reach')}
      </p>
      <div>
        <Button look="primary" onClick={save}>
          <IconDownload size={16} />
          {say('purged.download')}
        </Button>
      </div>
    </>
  );
}

function Facts({ certificate }: { readonly certificate: Certificate }) {
  const say = useText('lifecycle', lifecycleText);
  const { asked, confirmed, reason, doneAt, record, destroyed } = certificate;
  return (
    <dl className={styles.facts}>
      <dt>{say('purged.reason')}</dt>
      <dd>{reason}</dd>
      <dt>{say('purged.asked')}</dt>
      <Who decider={asked} />
      <dt>{say('purged.confirmed')}</dt>
      <Who decider={confirmed} />
      <dt>{say('purged.when')}</dt>
      <dd>
        <Time iso={doneAt} form="both" />
      </dd>
      <dt>{say('purged.record')}</dt>
      <dd className="mono">{say('purged.record-says', { size: record.size, root: record.root })}</dd>
      <dt>{say('purged.contents')}</dt>
      <Counted counts={destroyed.contents} />
      <dt>{say('purged.rows')}</dt>
      <Counted counts={destroyed.rows} />
    </dl>
  );
}

function Who({ decider }: { readonly decider: Decider }) {
  return (
    <dd>
      {decider.name}, {decider.desk} ({decider.country}), <Time iso={decider.at} form="stamp" />
    </dd>
  );
}

function Counted({ counts }: { readonly counts: Counts }) {
  const say = useText('lifecycle', lifecycleText);
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <dd>
      <ul className={styles.counts}>
        <li>
          <b>{say('purged.all')}</b> <b>{all.toLocaleString('en')}</b>
        </li>
        {Object.entries(counts).map(([what, count]) => (
          <li key={what}>
            <span className="mono">{what}</span> <span>{count.toLocaleString('en')}</span>
          </li>
        ))}
      </ul>
    </dd>
  );
}
