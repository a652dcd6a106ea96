import { api } from '#client/platform/api.ts';
import { clock } from '#client/platform/clock.ts';
import { readCheckpoint } from '#shared/contracts/review.ts';
import { cosignInBrowser } from '#shared/contracts/witnesses.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { checkpointText } from '#shared/record/checkpoint.ts';
import { cosignatureLine, cosignedMessage } from '#shared/record/cosignature.ts';
import { evidenceOf } from '#shared/record/witness/evidence.ts';
import { watchCheckpoint } from '#shared/record/witness/watch.ts';
import { keepEvidence, readEvidence } from '../verify/pinned.ts';
import { type BrowserKey, movePin, noteKeyOf, readBrowserKey, signWith } from './browser-key.ts';

export type Cosigned = { readonly size: number; readonly at: number };

/**
 * One look of this browser's own witness: verified against what it saw last, remembered on disk, and only then signed.
 * null when there is nothing to sign. A contradiction is kept for the alarm, and nothing is signed from then on. [RC-68]
 */
export async function cosignOnce(operationId: OperationId, origin: string): Promise<Cosigned | null> {
  const key = await readBrowserKey(origin);
  if (key === null || readEvidence(origin) !== null) return null;
  const reply = await api(readCheckpoint, { operationId, since: key.pin?.size ?? 0 });
  const watched = watchCheckpoint(reply, origin, key.pin);
  const seenAt = isoTime(clock.now());
  const evidence = key.pin && evidenceOf(watched, { pin: key.pin, shown: reply, origin, seenAt });
  if (evidence) keepEvidence(evidence);
  if (watched.state !== 'held') return null;
  if (!(await movePin(key, watched.pin))) return null;
  return sign(key, checkpointText(watched.checkpoint), { operationId, size: watched.checkpoint.size });
}

async function sign(
  key: BrowserKey,
  checkpoint: string,
  { operationId, size }: { operationId: OperationId; size: number },
): Promise<Cosigned> {
  const at = Math.floor(clock.now() / 1000);
  const signature = await signWith(key, cosignedMessage(checkpoint, at));
  await api(cosignInBrowser, {
    operationId,
    checkpoint,
    line: cosignatureLine(noteKeyOf(key), at, signature),
  });
  return { size, at: at * 1000 };
}
