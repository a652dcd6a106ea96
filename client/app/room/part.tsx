import { IconExclamationCircle } from '@tabler/icons-react';
import { type ReactNode, Suspense } from 'react';

import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Boundary } from '#client/ui/states/boundary.tsx';
import { Loading, StateScreen } from '#client/ui/states/states.tsx';
import { appText } from '../text.ts';

/** One part of the room: it loads, and fails, by itself. */
export function Part({ children }: { readonly children: ReactNode }) {
  const say = useText('app', appText);
  return (
    <Boundary
      fallback={(retry) => (
        <StateScreen
          icon={<IconExclamationCircle size={28} stroke={1.4} />}
          title={say('part.broken')}
          actions={<Button onClick={retry}>{say('again')}</Button>}
        >
          {say('part.broken-says')}
        </StateScreen>
      )}
    >
      <Suspense fallback={<Loading label={say('room.loading')} />}>{children}</Suspense>
    </Boundary>
  );
}
