import { IconMapOff, IconRefreshAlert } from '@tabler/icons-react';
import { Link } from 'react-router';

import { useText } from '#client/platform/text.ts';
import { Button, buttonClass } from '#client/ui/controls/button.tsx';
import { StateScreen } from '#client/ui/states/states.tsx';
import { FullPage } from './full-page.tsx';
import { appText } from './text.ts';

/** A part of the page that cannot be had, as after a deploy, or a bug in it. */
export function BrokenPage() {
  const say = useText('app', appText);
  return (
    <FullPage>
      <StateScreen
        icon={<IconRefreshAlert size={30} stroke={1.4} />}
        title={say('broken.title')}
        actions={
          <Button look="primary" onClick={() => location.reload()}>
            {say('reload')}
          </Button>
        }
      >
        {say('broken.says')}
      </StateScreen>
    </FullPage>
  );
}

export function MissingPage() {
  const say = useText('app', appText);
  return (
    <FullPage>
      <StateScreen
        icon={<IconMapOff size={30} stroke={1.4} />}
        title={say('missing.title')}
        actions={
          <Link className={buttonClass} to="/">
            {say('to-operations')}
          </Link>
        }
      >
        {say('missing.says')}
      </StateScreen>
    </FullPage>
  );
}
