import { type FormEvent, useState } from 'react';

import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextField } from '#client/ui/controls/field.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import styles from './sign-in.module.css';
import { identityText } from './text.ts';
import { useSignIn } from './use-identity.ts';

export function SignInForm() {
  const say = useText('identity', identityText);
  const signIn = useSignIn();
  const [given, setGiven] = useState({ email: '', password: '', code: '' });
  const ready = given.email !== '' && given.password !== '' && given.code.length === 6;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) signIn.mutate(given, { onError: () => setGiven({ ...given, code: '' }) });
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <h1>{say('sign-in.title')}</h1>
      <TextField
        label={say('sign-in.email')}
        type="email"
        autoComplete="username"
        required
        autoFocus
        value={given.email}
        onChange={(event) => setGiven({ ...given, email: event.target.value })}
      />
      <TextField
        label={say('sign-in.password')}
        type="password"
        autoComplete="current-password"
        required
        value={given.password}
        onChange={(event) => setGiven({ ...given, password: event.target.value })}
      />
      <TextField
        label={say('sign-in.code')}
        hint={say('sign-in.code-hint')}
        mono
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        value={given.code}
        onChange={(event) => setGiven({ ...given, code: event.target.value.replace(/\D/g, '').slice(0, 6) })}
      />
      <Trouble error={signIn.error} />
      <Button type="submit" look="primary" wide disabled={!ready} busy={signIn.isPending}>
        {say(signIn.isPending ? 'sign-in.busy' : 'sign-in.submit')}
      </Button>
      <p className={styles.lost}>{say('sign-in.lost')}</p>
    </form>
  );
}
