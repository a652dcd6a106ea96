import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { toast, toastFailure } from '#client/ui/overlays/toast.tsx';
import { indicatorsText } from './text.ts';

/** The live value leaves the register only by this act. */
export function CopyRaw({ value, onClose }: { readonly value: string; readonly onClose: () => void }) {
  const say = useText('indicators', indicatorsText);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      toast(say('card.raw-done'));
    } catch (error) {
      toastFailure(error);
    }
    onClose();
  };
  return (
    <Dialog
      title={say('card.raw-title')}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button look="danger" onClick={copy}>
            {say('card.raw-submit')}
          </Button>
        </>
      }
    >
      <p>{say('card.raw-says')}</p>
    </Dialog>
  );
}
