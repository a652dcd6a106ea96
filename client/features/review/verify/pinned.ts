import { z } from 'zod';

import { forget, keep, readKept } from '#client/platform/storage.ts';
import type { Millis } from '#shared/kernel/clock.ts';
import { type Evidence, evidenceText } from '#shared/record/witness/evidence.ts';
import { keptEvidence, keptPin } from '#shared/record/witness/kept.ts';
import type { Pin } from '#shared/record/witness/watch.ts';

/** What this browser knows of the record with that origin; `null` at first sight. */
export function readPin(origin: string): Pin | null {
  return readJson(`record.${origin}`, keptPin);
}

/** Never goes back: another window may have seen more meanwhile. */
export function keepPin(origin: string, pin: Pin): void {
  const held = readPin(origin);
  if (held !== null && held.vkey === pin.vkey && held.size > pin.size) return;
  keep(`record.${origin}`, JSON.stringify(pin));
}

/** The contradiction this browser has seen and nobody has put away yet. [RC-68] */
export function readEvidence(origin: string): Evidence | null {
  return readJson(`record.evidence.${origin}`, keptEvidence);
}

/** The first one stays: it holds what was known before anything went wrong. */
export function keepEvidence(evidence: Evidence): void {
  const { origin } = evidence;
  if (readEvidence(origin) === null) keep(`record.evidence.${origin}`, evidenceText(evidence));
}

/** A person has saved the notes: this browser starts again from what it is shown. */
export function startAgain(origin: string): void {
  forget(`record.evidence.${origin}`);
  forget(`record.${origin}`);
}

const policyShape = z.object({ text: z.string(), at: z.number() });

/** The quorum policy by which this browser weighs the record, and since when by its own clock. [RC-68] */
export function readPolicy(origin: string): { readonly text: string; readonly at: Millis } | null {
  return readJson(`record.policy.${origin}`, policyShape);
}

export function keepPolicy(origin: string, policy: { readonly text: string; readonly at: Millis }): void {
  keep(`record.policy.${origin}`, JSON.stringify(policy));
}

function readJson<S extends z.ZodType>(name: string, shape: S): z.output<S> | null {
  const kept = readKept(name);
  if (kept === null) return null;
  try {
    const read = shape.safeParse(JSON.parse(kept));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
