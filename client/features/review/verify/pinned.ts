import { z } from 'zod';

import { keep, readKept } from '#client/platform/storage.ts';
import type { Pin } from './check-checkpoint.ts';

const shape = z.object({ vkey: z.string(), size: z.number().int().nonnegative(), root: z.string() });

/** What this browser knows of the record with that origin; `null` at first sight. */
export function readPin(origin: string): Pin | null {
  const kept = readKept(`record.${origin}`);
  if (kept === null) return null;
  try {
    const pin = shape.safeParse(JSON.parse(kept));
    return pin.success ? pin.data : null;
  } catch {
    return null;
  }
}

export function keepPin(origin: string, pin: Pin): void {
  keep(`record.${origin}`, JSON.stringify(pin));
}
