import { useSyncExternalStore } from 'react';

import { keep, readKept } from './storage.ts';

export type Scheme = 'light' | 'dark';

const system = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
let chosen: Scheme | null = schemeOf(readKept('scheme'));

function schemeOf(text: string | null): Scheme | null {
  return text === 'light' || text === 'dark' ? text : null;
}

function current(): Scheme {
  return chosen ?? (system.matches ? 'dark' : 'light');
}

function show(): void {
  document.documentElement.dataset.theme = current();
  for (const listener of listeners) listener();
}

/** Before the first render: follows the system until the person chooses. */
export function startTheme(): void {
  system.addEventListener('change', show);
  show();
}

export function chooseScheme(scheme: Scheme): void {
  chosen = scheme;
  keep('scheme', scheme);
  show();
}

export function useScheme(): Scheme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, current);
}
