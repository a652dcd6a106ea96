import argon2 from 'argon2';

import { refuse } from '#shared/kernel/failures.ts';

/** RFC 9106, second recommended option. */
const options = { type: argon2.argon2id, memoryCost: 65_536, timeCost: 3, parallelism: 4 } as const;
/** At most this many at once: each holds 64 MiB. The rest queue, and past the queue are told to come again. */
const PARALLEL = 2;
const QUEUE = 20;

export type Passwords = {
  hash(password: string): Promise<string>;
  /** Takes as long for an officer who does not exist (`null`) as for one who does. */
  verify(hash: string | null, password: string): Promise<boolean>;
};

export function openPasswords(pepper: Buffer): Passwords {
  const inTurn = turnstile();
  let dummy: Promise<string> | null = null;
  const hash = (password: string) =>
    inTurn(() => argon2.hash(password.normalize('NFC'), { ...options, secret: pepper }));
  return {
    hash,
    async verify(stored, password) {
      dummy ??= hash('nobody has this password');
      const against = stored ?? (await dummy);
      const same = await inTurn(() => argon2.verify(against, password.normalize('NFC'), { secret: pepper }));
      return same && stored !== null;
    },
  };
}

function turnstile(): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= PARALLEL) {
      if (waiting.length >= QUEUE) throw refuse('try.again', { retryAfter: 2 });
      await new Promise<void>((go) => waiting.push(go));
    }
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}

const COMMON = [
  'password',
  'passw0rd',
  'qwertyuiop',
  'letmein',
  'iloveyou',
  'administrator',
  'welcome',
  'changeme',
  'muster',
];

/** Length over composition (NIST SP 800-63B): 15 or more, and not made of what everybody, or the officer, is known by. */
export function checkPassword(password: string, known: readonly string[]): void {
  const text = password.normalize('NFC').toLowerCase();
  if ([...text].length < 15)
    throw refuse('password.weak', { where: 'password', what: 'fewer than 15 characters' });
  let rest = text;
  for (const word of [...COMMON, ...known.map((one) => one.toLowerCase()).filter((one) => one.length >= 3)]) {
    rest = rest.replaceAll(word, '');
  }
  if (new Set(rest).size < 5)
    throw refuse('password.weak', {
      where: 'password',
      what: 'made of common words, your own name or repeats',
    });
}
