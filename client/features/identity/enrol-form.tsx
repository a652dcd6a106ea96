import { type FormEvent, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { CopyButton } from '#client/ui/controls/copy-button.tsx';
import { Checkbox, TextField } from '#client/ui/controls/field.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { readEnrolment } from '#shared/contracts/identity.ts';
import styles from './enrol.module.css';
import { PasswordRules, passwordHolds } from './password-rules.tsx';
import { QrCode } from './qr-code.tsx';
import { identityText } from './text.ts';
import { useEnrol } from './use-identity.ts';

type Props = { readonly token: string; readonly enrolment: ReplyOf<typeof readEnrolment> };

const nothing = { name: '', email: '', password: '', again: '', code: '' };

export function EnrolForm({ token, enrolment }: Props) {
  const say = useText('identity', identityText);
  const enrol = useEnrol();
  const [given, setGiven] = useState(nothing);
  const [shown, setShown] = useState(false);
  const first = enrolment.purpose === 'first-administrator';
  const own = first ? [given.name, given.email] : [enrolment.name, enrolment.email];
  const named = !first || (given.name.trim() !== '' && given.email.includes('@'));
  const ready = named && passwordHolds({ ...given, own }) && given.code.length === 6;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const who = first ? { name: given.name, email: given.email } : {};
    if (ready) enrol.mutate({ token, password: given.password, code: given.code, ...who });
  };
  const take = (member: keyof typeof nothing) => ({
    value: given[member],
    onChange: (event: { target: { value: string } }) => setGiven({ ...given, [member]: event.target.value }),
  });
  const type = shown ? 'text' : 'password';
  return (
    <form className={styles.form} onSubmit={submit}>
      {first && (
        <section>
          <h2>{say('enrol.step-you')}</h2>
          <TextField label={say('enrol.name')} autoComplete="name" maxLength={80} {...take('name')} />
          <TextField label={say('enrol.email')} type="email" autoComplete="username" {...take('email')} />
        </section>
      )}
      <FactorStep {...enrolment.totp} />
      <section>
        <h2>{say('enrol.step-password')}</h2>
        <TextField
          label={say('enrol.password')}
          type={type}
          autoComplete="new-password"
          {...take('password')}
        />
        <TextField
          label={say('enrol.password-again')}
          type={type}
          autoComplete="new-password"
          {...take('again')}
        />
        <Checkbox
          label={say('enrol.show')}
          checked={shown}
          onChange={(event) => setShown(event.target.checked)}
        />
        <PasswordRules password={given.password} again={given.again} own={own} />
      </section>
      <section>
        <h2>{say('enrol.step-prove')}</h2>
        <TextField
          label={say('enrol.code')}
          mono
          inputMode="numeric"
          autoComplete="one-time-code"
          value={given.code}
          onChange={(event) =>
            setGiven({ ...given, code: event.target.value.replace(/\D/g, '').slice(0, 6) })
          }
        />
        <Trouble error={enrol.error} />
        <Button type="submit" look="primary" wide disabled={!ready} busy={enrol.isPending}>
          {say(enrol.isPending ? 'enrol.busy' : 'enrol.submit')}
        </Button>
      </section>
    </form>
  );
}

function FactorStep({ secret, uri }: { readonly secret: string; readonly uri: string }) {
  const say = useText('identity', identityText);
  return (
    <section>
      <h2>{say('enrol.step-factor')}</h2>
      <p>{say('enrol.step-factor-lead')}</p>
      <div className={styles.factor}>
        <QrCode text={uri} label={say('enrol.qr')} />
        <div className={styles.secret}>
          <span>{say('enrol.secret')}</span>
          <code>{secret.replace(/(.{4})/g, '$1 ').trim()}</code>
          <CopyButton text={secret} label={say('enrol.copy-secret')} words />
        </div>
      </div>
    </section>
  );
}
