import { IconAlertTriangle, IconPlugConnectedX, IconWifiOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { failureOf } from '#client/platform/failure.ts';
import { classes } from '../classes.ts';
import styles from './states.module.css';

type StateProps = {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly bad?: boolean;
};

/** Nothing here yet, gone, ended: a sentence and what can be done. */
export function StateScreen({ icon, title, children, actions, bad }: StateProps) {
  return (
    <div className={classes(styles.state, bad && styles.bad)}>
      {icon}
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

export function Loading({ label, rows = 6 }: { readonly label: string; readonly rows?: number }) {
  return (
    <div className={styles.bars} role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, at) => `bar-${at}`).map((key) => (
        <div key={key} className={styles.bar} />
      ))}
    </div>
  );
}

/** A refusal in place of what was asked for. */
export function Refused({ error, actions }: { readonly error: unknown; readonly actions?: ReactNode }) {
  const failure = failureOf(error);
  const icon = failure.kind === 'offline' ? <IconWifiOff size={26} /> : <IconPlugConnectedX size={26} />;
  return (
    <div className={styles.state} role="alert">
      {icon}
      <h2>{failure.message}</h2>
      {failure.what && <p>{failure.what}</p>}
      {failure.id && <span className={styles.id}>{failure.id}</span>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

/** A refusal of what was just tried, beside the button. */
export function Trouble({ error }: { readonly error: unknown }) {
  if (!error) return null;
  const failure = failureOf(error);
  return (
    <div className={styles.inline} role="alert">
      <IconAlertTriangle size={16} />
      <span>
        {failure.message} {failure.what}
        {failure.retryAfter !== null && ` (${failure.retryAfter} s)`}
      </span>
    </div>
  );
}

/** A line over the content: what is shown may be out of date, or is read only. */
export function Strip({ icon, children }: { readonly icon?: ReactNode; readonly children: ReactNode }) {
  return (
    <div className={styles.strip} role="status">
      {icon}
      <span>{children}</span>
    </div>
  );
}
