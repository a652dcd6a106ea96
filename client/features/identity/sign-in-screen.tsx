import { useState } from 'react';

import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { ExerciseBadge } from '#client/ui/item/pill.tsx';
import { Mark } from '#client/ui/mark.tsx';
import { Loading, Refused } from '#client/ui/states/states.tsx';
import { Cast } from './cast.tsx';
import { SchemeToggle } from './scheme-toggle.tsx';
import styles from './sign-in.module.css';
import { SignInForm } from './sign-in-form.tsx';
import { identityText } from './text.ts';
import { useHub } from './use-identity.ts';

const PRODUCT = 'Muster';

/** The first page. In an exercise the cast comes first; the form stays one step away. */
export function SignInScreen() {
  const say = useText('identity', identityText);
  const hub = useHub();
  const [byPassword, setByPassword] = useState(false);
  const exercise = hub.data?.mode === 'exercise';
  return (
    <main className={styles.page}>
      <header className={styles.top}>
        <Mark size={26} />
        <span className={styles.name}>{PRODUCT}</span>
        {hub.data && hub.data.name !== PRODUCT && <span className={styles.hub}>{hub.data.name}</span>}
        {exercise && <ExerciseBadge label={say('exercise')} />}
        <span className={styles.space} />
        <SchemeToggle />
      </header>
      <div className={styles.middle}>
        {hub.isPending && <Loading label={say('loading')} />}
        {hub.isError && (
          <Refused
            error={hub.error}
            actions={<Button onClick={() => hub.refetch()}>{say('again')}</Button>}
          />
        )}
        {hub.data && (exercise && !byPassword ? <Cast cast={hub.data.cast} /> : <SignInForm />)}
        {exercise && (
          <Button look="quiet" className={styles.switch ?? ''} onClick={() => setByPassword(!byPassword)}>
            {say(byPassword ? 'sign-in.hide-password' : 'sign-in.by-password')}
          </Button>
        )}
      </div>
      <footer className={styles.foot}>
        <span>{say('sign-in.lead')}</span>
        <span className="mono">{hub.data?.version}</span>
      </footer>
    </main>
  );
}
