import { IconCheck, IconFileZip, IconMinus } from '@tabler/icons-react';
import { useText } from '#client/platform/text.ts';
import { CopyButton } from '#client/ui/controls/copy-button.tsx';
import type { OperationId } from '#shared/kernel/ids.ts';
import styles from './packs.module.css';
import { packsText } from './text.ts';
import { useRecordKey } from './use-pack.ts';

type ProgressProps = { readonly got: number | null; readonly expected: number | null };

/** The browser's own bar: its figure is an estimate, so it never says that it is full before the end. */
export function PackProgress({ got, expected }: ProgressProps) {
  const say = useText('packs', packsText);
  const part = got === null || expected === null ? null : Math.min(0.99, got / expected);
  return (
    <div className={styles.progress} role="status">
      <IconFileZip size={30} stroke={1.3} />
      <p>{say(got === null ? 'progress.asking' : 'progress.receiving')}</p>
      {part === null ? (
        <progress aria-label={say('title')} />
      ) : (
        <progress aria-label={say('title')} value={part} />
      )}
      <span className={styles.figures}>
        {got !== null && expected !== null
          ? say('progress.bytes', { got: sizeOf(got), expected: sizeOf(expected) })
          : ' '}
      </span>
      <p className={styles.hint}>{say('progress.stay')}</p>
    </div>
  );
}

type DoneProps = {
  readonly operationId: OperationId;
  readonly name: string;
  readonly bytes: number;
  readonly recipient: string;
  readonly scope: 'operation' | 'time' | 'objects';
};

/** What was saved, what can be checked, and with what. */
export function PackDone({ operationId, name, bytes, recipient, scope }: DoneProps) {
  const say = useText('packs', packsText);
  const key = useRecordKey(operationId);
  const command = `node verify.mjs ${name} --key ${key ?? '…'}`;
  const complete = {
    operation: 'done.checks.whole',
    time: 'done.checks.time',
    objects: 'done.checks.objects',
  } as const;
  return (
    <div className={styles.done}>
      <p className={styles.saved} role="status">
        <IconCheck size={18} />
        <span>{say('done.saved', { name, size: sizeOf(bytes) })}</span>
      </p>
      <h3>{say('done.send', { recipient })}</h3>
      <ul className={styles.checks}>
        {(['done.checks.seal', 'done.checks.entries', 'done.checks.boards', complete[scope]] as const).map(
          (check) => (
            <li key={check}>
              {check === 'done.checks.objects' ? <IconMinus size={15} /> : <IconCheck size={15} />}
              <span>{say(check)}</span>
            </li>
          ),
        )}
      </ul>
      <div className={styles.code}>
        <code>{command}</code>
        <CopyButton text={command} label={say('done.copy')} />
      </div>
      <p className={styles.hint}>{say('done.unzip')}</p>
      {key !== null && (
        <>
          <p className={styles.hint}>{say('done.key')}</p>
          <div className={styles.code}>
            <code>{key}</code>
            <CopyButton text={key} label={say('done.copy-key')} />
          </div>
        </>
      )}
    </div>
  );
}

function sizeOf(bytes: number): string {
  const mega = bytes / 1_000_000;
  return mega >= 1 ? `${mega.toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1000))} kB`;
}
