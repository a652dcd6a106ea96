import type { Pap, Tlp } from '#shared/policy/markings.ts';

const TLP: Readonly<Record<string, Tlp>> = {
  CLEAR: 'CLEAR',
  WHITE: 'CLEAR',
  GREEN: 'GREEN',
  AMBER: 'AMBER',
  'AMBER+STRICT': 'AMBER+STRICT',
  'AMBER STRICT': 'AMBER+STRICT',
  'AMBER-STRICT': 'AMBER+STRICT',
  RED: 'RED',
};
const PAP: Readonly<Record<string, Pap>> = {
  CLEAR: 'CLEAR',
  WHITE: 'CLEAR',
  GREEN: 'GREEN',
  AMBER: 'AMBER',
  RED: 'RED',
};

/** `TLP:AMBER`, `amber`, `TLP WHITE` … `null` for anything unknown, which must never become a weaker marking. [IN-7] */
export function readTlp(text: string): Tlp | null {
  return own(TLP, label(text, 'TLP'));
}

export function readPap(text: string): Pap | null {
  return own(PAP, label(text, 'PAP'));
}

function label(text: string, scheme: string): string {
  const upper = text
    .trim()
    .toUpperCase()
    .replace(/[\s_]+/g, ' ');
  return upper.startsWith(scheme) ? upper.slice(scheme.length).replace(/^\s*[:= -]?\s*/, '') : upper;
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | null {
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null;
}
