import { useBlocker } from 'react-router';

import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { appText } from '../text.ts';
import { useSave } from './save-context.tsx';

/** Asks before the board is left while edits are kept in this window only. */
export function LeaveGuard() {
  const say = useText('app', appText);
  const { save } = useSave();
  const unsaved = save?.unsaved ?? 0;
  const stuck = save?.state === 'offline' || save?.state === 'refused';
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      unsaved > 0 &&
      stuck &&
      (currentLocation.pathname !== nextLocation.pathname || currentLocation.search !== nextLocation.search),
  );
  if (blocker.state !== 'blocked') return null;
  return (
    <Dialog
      title={say('leave.title', { count: unsaved })}
      onClose={() => blocker.reset()}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={() => blocker.proceed()}>{say('leave.go')}</Button>
          <Button look="primary" onClick={() => blocker.reset()}>
            {say('leave.stay')}
          </Button>
        </>
      }
    >
      <p>{say('leave.says')}</p>
    </Dialog>
  );
}
