import { HeadlessMantineProvider } from '@mantine/core';
import { IconLogout2 } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Navigate, Outlet, useLocation, useNavigate } from 'react-router';
import { useMe } from '#client/features/identity/use-identity.ts';
import { Live } from '#client/platform/live.ts';
import { LiveContext } from '#client/platform/live-context.tsx';
import { endSession, forgetEnding, useSessionEnding } from '#client/platform/session-end.ts';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Loading, Refused, StateScreen } from '#client/ui/states/states.tsx';
import type { Me } from '#shared/contracts/identity.ts';
import { FullPage } from './full-page.tsx';
import { appText } from './text.ts';

const theme = { respectReducedMotion: true };

/** Everything behind the sign-in, with the page's one connection to the hub. */
export function SignedIn() {
  const say = useText('app', appText);
  const me = useMe();
  const ending = useSessionEnding();
  const { pathname, search } = useLocation();
  if (me.isPending) return <Loading label={say('loading')} />;
  if (me.isError)
    return (
      <Refused error={me.error} actions={<Button onClick={() => me.refetch()}>{say('again')}</Button>} />
    );
  if (me.data === null && ending !== null) return <SessionEnded sentence={ending} />;
  if (me.data === null) return <Navigate to="/sign-in" state={{ wanted: pathname + search }} replace />;
  // A new connection for each person: nothing of one session is carried into the next.
  return <Connected key={me.data.officer} me={me.data} />;
}

function Connected({ me }: { readonly me: Me }) {
  const queries = useQueryClient();
  const [live, setLive] = useState<Live | null>(null);
  useEffect(() => {
    const made = new Live(({ sentence }) => endSession(queries, sentence));
    setLive(made);
    return () => made.close();
  }, [queries]);
  if (!live) return null;
  return (
    <HeadlessMantineProvider theme={theme}>
      <LiveContext value={live}>
        <Outlet context={me} />
      </LiveContext>
    </HeadlessMantineProvider>
  );
}

function SessionEnded({ sentence }: { readonly sentence: string }) {
  const say = useText('app', appText);
  const navigate = useNavigate();
  const again = () => {
    forgetEnding();
    navigate('/sign-in');
  };
  return (
    <FullPage>
      <StateScreen
        icon={<IconLogout2 size={30} stroke={1.4} />}
        title={say('ended.session')}
        actions={
          <Button look="primary" onClick={again}>
            {say('to-sign-in')}
          </Button>
        }
      >
        {sentence} {say('ended.session-says')}
      </StateScreen>
    </FullPage>
  );
}
