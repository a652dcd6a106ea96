import { isoTime, type Millis } from '#shared/kernel/clock.ts';
import { checkpointText } from '#shared/record/checkpoint.ts';
import { cosign } from '#shared/record/cosignature.ts';
import { type Evidence, evidenceOf } from '#shared/record/witness/evidence.ts';
import { type Watched, watchCheckpoint } from '#shared/record/witness/watch.ts';

import type { WitnessFolder } from './folder.ts';
import type { HubClient } from './hub-client.ts';

/** What one look came to. */
export type Look =
  | { readonly saw: 'nothing-signed' }
  | { readonly saw: 'same'; readonly size: number }
  | { readonly saw: 'cosigned'; readonly size: number; readonly before: number | null; readonly vkey: string }
  /** Verified and remembered, but the hub did not take the cosignature. */
  | { readonly saw: 'not-taken'; readonly size: number; readonly code: string; readonly says: string }
  | { readonly saw: 'unverified'; readonly reason: string }
  | { readonly saw: 'refused'; readonly code: string; readonly says: string }
  | { readonly saw: 'no-hub'; readonly says: string }
  | { readonly saw: 'contradiction'; readonly evidence: Evidence; readonly file: string };

/** A tree that did not grow is cosigned afresh this often, so that its age stays young. */
const AFRESH: Millis = 300_000;

export type Watch = {
  readonly folder: WitnessFolder;
  readonly hub: HubClient;
  readonly now: () => Millis;
  /** The log's key as the desk was given it; null: the first one seen is pinned. */
  readonly logKey: { readonly vkey: string; readonly origin: string } | null;
  /** Size and time of the last cosignature that was taken in this run. */
  last: { readonly size: number; readonly at: Millis } | null;
};

/**
 * Reads what the hub shows, verifies it under the pinned key and against everything seen before, remembers it on disk,
 * and only then signs. What contradicts is kept and never signed. [RC-61] [RC-63]
 */
export async function look(watch: Watch): Promise<Look> {
  const { folder, hub, now } = watch;
  const state = folder.read();
  const asked = await hub.checkpoint(state.pin?.size ?? 0);
  if (!asked.ok)
    return asked.why === 'refused'
      ? { saw: 'refused', code: asked.code, says: asked.says }
      : { saw: 'no-hub', says: asked.says };
  const { reply } = asked;
  const origin = originOf(watch, state.pin?.vkey ?? null, reply.origin);
  const watched = watchCheckpoint(reply, origin, state.pin);
  const contradiction =
    state.pin && evidenceOf(watched, { pin: state.pin, shown: reply, origin, seenAt: isoTime(now()) });
  if (contradiction !== null) {
    return { saw: 'contradiction', evidence: contradiction, file: folder.keepEvidence(contradiction) };
  }
  const fault = faultOf(watched, watch, state.operation);
  if (fault !== null) return { saw: 'unverified', reason: fault };
  if (watched.state !== 'held') return { saw: 'nothing-signed' };
  const { size } = watched.checkpoint;
  const grown = state.pin === null || state.pin.size !== size;
  if (!grown && watch.last?.size === size && now() - watch.last.at < AFRESH) return { saw: 'same', size };
  if (grown) folder.keep({ ...state, pin: watched.pin });
  return signAndHandIn(watch, watched, state.pin?.size ?? null);
}

async function signAndHandIn(
  watch: Watch,
  { checkpoint, pin }: Watched & { state: 'held' },
  before: number | null,
): Promise<Look> {
  const { size } = checkpoint;
  const text = checkpointText(checkpoint);
  const line = cosign(watch.folder.signer, text, Math.floor(watch.now() / 1000));
  const taken = await watch.hub.cosign(text, line);
  if (!taken.ok) return { saw: 'not-taken', size, code: taken.code, says: taken.says };
  watch.last = { size, at: watch.now() };
  return { saw: 'cosigned', size, before, vkey: pin.vkey };
}

/** The name of the record is the desk's own knowledge, in this order: the key given, the key pinned, the first reply. */
function originOf({ logKey }: Watch, pinned: string | null, told: string): string {
  return logKey?.origin ?? pinned?.split('+')[0] ?? told;
}

/** What keeps a first or an unknown checkpoint from being believed. */
function faultOf(watched: Watched, { logKey }: Watch, operation: string): string | null {
  if (watched.state === 'bad') return watched.reason;
  if (watched.state !== 'held') return null;
  if (!watched.checkpoint.origin.endsWith(`/op/${operation}`)) return 'checkpoint-of-another-operation';
  return logKey !== null && logKey.vkey !== watched.pin.vkey ? 'not-the-log-key-given' : null;
}
