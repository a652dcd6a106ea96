import { useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { CopyButton } from '#client/ui/controls/copy-button.tsx';
import { TextArea } from '#client/ui/controls/field.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import { parseVkey, signatureTypes } from '#shared/record/keys.ts';
import { cosignerName } from '#shared/record/witness/names.ts';
import type { Room } from './room.ts';
import { witnessesText } from './text.ts';
import { useRegister } from './use-witnesses.ts';
import styles from './witnesses.module.css';

type Props = { readonly room: Room; readonly onClose: () => void };

/** The key comes from the desk's own machine; the credential goes back there, and is shown this once. */
export function RegisterWitness({ room, onClose }: Props) {
  const say = useText('witnesses', witnessesText);
  const { operationId, desk } = room;
  const register = useRegister(operationId);
  const [vkey, setVkey] = useState('');
  const given = vkey.trim();
  const wrong = given === '' ? null : faultOf(given, desk);
  const credential = register.data?.credential;
  const title = say('register.title', { desk });
  if (credential)
    return (
      <Dialog
        title={title}
        onClose={onClose}
        closeLabel={say('close')}
        foot={
          <Button look="primary" onClick={onClose}>
            {say('register.done')}
          </Button>
        }
      >
        <p>{say('register.credential')}</p>
        <Command label={say('register.copy')} text={credential} />
        <p>{say('register.run')}</p>
        <Command label={say('register.copy-command')} text={runCommand(location.origin)} />
      </Dialog>
    );
  const command = `npx muster witness new --dir ${desk.toLowerCase()} --operation ${operationId} --desk ${desk}`;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button
            look="primary"
            disabled={given === '' || wrong !== null}
            busy={register.isPending}
            onClick={() => register.mutate(given)}
          >
            {say('register.submit')}
          </Button>
        </>
      }
    >
      <p>{say('register.first')}</p>
      <Command label={say('register.copy-command')} text={command} />
      <p>{say('register.then')}</p>
      <TextArea
        label={say('register.vkey')}
        value={vkey}
        rows={3}
        mono
        maxLength={200}
        spellCheck={false}
        wrong={wrong && say(wrong, { name: cosignerName('witness', desk) })}
        onChange={(event) => setVkey(event.target.value)}
      />
      <Trouble error={register.error} />
    </Dialog>
  );

  function runCommand(hub: string): string {
    return `npx muster witness run --dir ${desk.toLowerCase()} --hub ${hub} --credential-file ${desk.toLowerCase()}.credential`;
  }
}

function faultOf(vkey: string, desk: string): 'register.wrong' | 'register.wrong-name' | null {
  const key = parseVkey(vkey);
  if (key?.type !== signatureTypes.cosigner) return 'register.wrong';
  return key.name === cosignerName('witness', desk) ? null : 'register.wrong-name';
}

function Command({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div className={styles.command}>
      <code>{text}</code>
      <CopyButton text={text} label={label} />
    </div>
  );
}
