import { generateSecret, generateURI, verify } from 'otplib';

import type { Millis } from '#shared/kernel/clock.ts';
import type { Random } from '#shared/kernel/random.ts';

/** Seconds a code may be early or late: one step (RFC 6238 section 5.2). */
const TOLERANCE = 30;

export function newTotpSecret(random: Random): string {
  return generateSecret({
    length: 20,
    crypto: { name: 'hub', randomBytes: (length: number) => random.bytes(length) } as never,
  });
}

export function totpUri(secret: string, email: string): string {
  return generateURI({ issuer: 'Muster', label: email, secret });
}

/** The time step the code belongs to, or `null`. A step at or before `lastStep` has been used and is refused. */
export async function checkTotp(given: {
  secret: string;
  code: string;
  lastStep: number;
  now: Millis;
}): Promise<number | null> {
  const checked = await verify({
    secret: given.secret,
    token: given.code,
    epoch: Math.floor(given.now / 1000),
    epochTolerance: TOLERANCE,
    ...(given.lastStep > 0 && { afterTimeStep: given.lastStep }),
  });
  return checked.valid && 'timeStep' in checked ? checked.timeStep : null;
}
