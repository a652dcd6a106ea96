import { useText } from '#client/platform/text.ts';
import { bothStamps } from '#client/platform/time.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { CopyButton } from '#client/ui/controls/copy-button.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import styles from './admin.module.css';
import { adminText } from './text.ts';

type Props = {
  readonly name: string;
  readonly link: { readonly token: string; readonly expiresAt: string };
  readonly onClose: () => void;
};

/** Shown once: the hub keeps only the token's hash. The token stands in the fragment, which no server sees. */
export function EnrolmentLink({ name, link, onClose }: Props) {
  const say = useText('admin', adminText);
  const address = `${location.origin}/enrol#${link.token}`;
  return (
    <Dialog
      title={say('link.title', { name })}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <CopyButton text={address} label={say('link.copy')} words />
          <Button look="primary" onClick={onClose}>
            {say('done')}
          </Button>
        </>
      }
    >
      <p>{say('link.says', { time: bothStamps(link.expiresAt) })}</p>
      <code className={styles.link}>{address}</code>
      <p>{say('officer.says')}</p>
    </Dialog>
  );
}
