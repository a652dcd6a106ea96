import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';

import { useText } from '#client/platform/text.ts';
import { bothStamps } from '#client/platform/time.ts';
import { buttonClass } from '#client/ui/controls/button.tsx';
import { Mark } from '#client/ui/mark.tsx';
import { Loading, Refused, StateScreen } from '#client/ui/states/states.tsx';
import styles from './enrol.module.css';
import { EnrolForm } from './enrol-form.tsx';
import { SchemeToggle } from './scheme-toggle.tsx';
import { identityText } from './text.ts';
import { useEnrolment } from './use-identity.ts';

/** The token stands in the fragment, which no server or proxy ever sees. */
export function EnrolScreen() {
  const say = useText('identity', identityText);
  const [token] = useState(() => location.hash.replace(/^#/, ''));
  const toSignIn = (
    <Link className={buttonClass} to="/sign-in">
      {say('enrol.to-sign-in')}
    </Link>
  );
  return (
    <main className={styles.page}>
      <header className={styles.top}>
        <Mark size={26} />
        <b>Muster</b>
        <span>{say('enrol.title')}</span>
        <SchemeToggle />
      </header>
      {token === '' ? (
        <StateScreen title={say('enrol.missing-title')} actions={toSignIn}>
          {say('enrol.missing')}
        </StateScreen>
      ) : (
        <Enrolment token={token} toSignIn={toSignIn} />
      )}
    </main>
  );
}

function Enrolment({ token, toSignIn }: { readonly token: string; readonly toSignIn: ReactNode }) {
  const say = useText('identity', identityText);
  const enrolment = useEnrolment(token);
  if (enrolment.isPending) return <Loading label={say('loading')} />;
  if (enrolment.isError) return <Refused error={enrolment.error} actions={toSignIn} />;
  const { purpose, name, email, desk, expiresAt } = enrolment.data;
  return (
    <div className={styles.body}>
      <div className={styles.intro}>
        {purpose === 'officer' ? (
          <h1>
            <small>{say('enrol.officer')}</small>
            {name}
            <small>
              {desk} · {email}
            </small>
          </h1>
        ) : (
          <h1>{say('enrol.first')}</h1>
        )}
        <p>{say('enrol.expires', { time: bothStamps(expiresAt) })}</p>
      </div>
      <EnrolForm token={token} enrolment={enrolment.data} />
    </div>
  );
}
