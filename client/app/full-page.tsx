import type { ReactNode } from 'react';

import { useHub } from '#client/features/identity/use-identity.ts';
import { useText } from '#client/platform/text.ts';
import { ExerciseBadge } from '#client/ui/item/pill.tsx';
import styles from './full-page.module.css';
import { appText } from './text.ts';

/** A page that is only a message. An exercise says so here too. */
export function FullPage({ children }: { readonly children: ReactNode }) {
  const say = useText('app', appText);
  const hub = useHub();
  return (
    <div className={styles.page}>
      <main>{children}</main>
      <footer>{hub.data?.mode === 'exercise' && <ExerciseBadge label={say('exercise')} />}</footer>
    </div>
  );
}
