import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';

import { clock } from '#client/platform/clock.ts';
import { failureOf } from '#client/platform/failure.ts';
import { IconButton } from '../controls/button.tsx';
import styles from './toast.module.css';

type Toast = { readonly id: number; readonly tone: 'good' | 'bad'; readonly text: string };

let toasts: readonly Toast[] = [];
let made = 0;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function drop(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

/** Says something in passing. What must not be missed belongs where the eye already is, not here. */
export function toast(text: string, tone: Toast['tone'] = 'good'): void {
  made += 1;
  const id = made;
  set([...toasts.slice(-3), { id, tone, text }]);
  clock.after(tone === 'bad' ? 9000 : 4000, () => drop(id));
}

/** A refusal of something that has no place of its own on screen. */
export function toastFailure(error: unknown): void {
  const failure = failureOf(error);
  toast(failure.what ? `${failure.message} ${failure.what}` : failure.message, 'bad');
}

export function Toasts({ closeLabel }: { readonly closeLabel: string }) {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className={styles.stack} role="status" aria-live="polite">
      {shown.map(({ id, tone, text }) => (
        <div key={id} className={`${styles.toast} ${styles[tone]}`}>
          {tone === 'good' ? <IconCheck size={16} /> : <IconAlertTriangle size={16} />}
          <span>{text}</span>
          <IconButton label={closeLabel} onClick={() => drop(id)}>
            <IconX size={14} />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
