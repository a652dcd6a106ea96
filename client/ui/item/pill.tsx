import type { ReactNode } from 'react';

import styles from './pill.module.css';

type Tone = 'good' | 'warn' | 'bad' | 'plain' | 'accent';

/** A state in one or two words. */
export function Pill({ tone = 'plain', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return <span className={`${styles.pill} ${styles[tone]}`}>{children}</span>;
}

export function ExerciseBadge({ label }: { readonly label: string }) {
  return <span className={styles.exercise}>{label}</span>;
}
