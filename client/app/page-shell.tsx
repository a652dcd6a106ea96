import { lazy, type ReactNode, Suspense } from 'react';
import { NavLink, Outlet, useOutletContext } from 'react-router';
import { MeMenu } from '#client/features/identity/me-menu.tsx';
import { SchemeToggle } from '#client/features/identity/scheme-toggle.tsx';
import { useHub } from '#client/features/identity/use-identity.ts';
import { useText } from '#client/platform/text.ts';
import { ExerciseBadge } from '#client/ui/item/pill.tsx';
import { Mark } from '#client/ui/mark.tsx';
import type { Me } from '#shared/contracts/identity.ts';
import styles from './page-shell.module.css';
import { appText } from './text.ts';

const HubReceiptAlarm = lazy(async () => ({
  default: (await import('#client/features/review/receipts/hub-receipt-alarm.tsx')).HubReceiptAlarm,
}));

/** The frame of every page outside a room. */
export function PageShell() {
  const me = useOutletContext<Me>();
  return (
    <PageFrame me={me}>
      <Outlet context={me} />
    </PageFrame>
  );
}

export function PageFrame({ me, children }: { readonly me: Me; readonly children: ReactNode }) {
  const say = useText('app', appText);
  const hub = useHub();
  return (
    <div className={styles.shell}>
      <header className={styles.top}>
        <Mark size={24} />
        <span className={styles.name}>{say('product')}</span>
        <nav className={styles.nav}>
          <NavLink to="/" end>
            {say('operations')}
          </NavLink>
          {me.hostAdministrator && <NavLink to="/admin">{say('admin')}</NavLink>}
        </nav>
        <SchemeToggle />
        <MeMenu me={me} />
      </header>
      <main className={styles.main}>
        <Suspense>
          <HubReceiptAlarm />
        </Suspense>
        {children}
      </main>
      <footer className={styles.foot}>
        {hub.data?.mode === 'exercise' && <ExerciseBadge label={say('exercise')} />}
        <span>{hub.data?.name !== say('product') && hub.data?.name}</span>
        <span className={styles.space} />
        <span className="mono">{hub.data?.version}</span>
      </footer>
    </div>
  );
}
