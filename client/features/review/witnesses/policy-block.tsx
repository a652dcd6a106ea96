import { IconAlertTriangle, IconDeviceFloppy } from '@tabler/icons-react';
import { saveFile } from '#client/platform/save-file.ts';
import { useText } from '#client/platform/text.ts';
import { utcStamp } from '#client/platform/time.ts';
import { Button } from '#client/ui/controls/button.tsx';
import type { Room } from './room.ts';
import { witnessesText } from './text.ts';
import { usePolicy, type Witnesses } from './use-witnesses.ts';
import styles from './witnesses.module.css';

/** The policy this browser weighs by, as a file; and the hub's, when it is another one now. */
export function PolicyBlock({ room, policy }: { readonly room: Room; readonly policy: Witnesses['policy'] }) {
  const say = useText('witnesses', witnessesText);
  const { held, changed, accept } = usePolicy(room.operationId, room.origin, policy?.text ?? null);
  if (policy === null) return null;
  const save = (text: string) =>
    saveFile(new Blob([text], { type: 'text/plain' }), `muster-policy-${room.operationId.slice(0, 8)}.txt`);
  const setBy = ({ setBy: by, askedBy, setAt }: NonNullable<Witnesses['policy']>) => {
    const given = { name: by?.name ?? '—', when: utcStamp(setAt) };
    return askedBy === null
      ? say('policy.set-by', given)
      : say('policy.set-by-two', { ...given, asker: askedBy.name });
  };
  return (
    <section className={styles.block}>
      <h3>{say('policy.title')}</h3>
      {changed && (
        <div className={styles.changed} role="alert">
          <IconAlertTriangle size={17} />
          <div>
            <b>{say('policy.changed-title')}</b>
            <p>{say('policy.changed')}</p>
            <pre className={styles.policy}>{policy.text}</pre>
            <Button onClick={accept}>{say('policy.accept')}</Button>
          </div>
        </div>
      )}
      <pre className={styles.policy}>{held?.text ?? policy.text}</pre>
      <div className={styles.line}>
        <span>{setBy(policy)}</span>
        <Button look="quiet" onClick={() => save(held?.text ?? policy.text)}>
          <IconDeviceFloppy size={15} />
          {say('policy.save')}
        </Button>
      </div>
    </section>
  );
}
