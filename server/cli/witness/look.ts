import { isoTime, type Millis } from '#shared/kernel/clock.ts';
import { checkpointText } from '#shared/record/checkpoint.ts';
import { cosign } from '#shared/record/cosignature.ts';
import { type Evidence, evidenceOf } from '#shared/record/witness/evidence.ts';
import { type Pin, type Watched, watchCheckpoint } from '#shared/record/witness/watch.ts';

import type { WitnessFolder, WitnessState } from './folder.ts';
import type { HubClient, WatchedRecord } from './hub-client.ts';

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
  readonly record: WatchedRecord;
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
  const pin = pinIn(state, watch.record);
  const asked = await hub.checkpoint(pin?.size ?? 0);
  if (!asked.ok)
    return asked.why === 'refused'
      ? { saw: 'refused', code: asked.code, says: asked.says }
      : { saw: 'no-hub', says: asked.says };
  const { reply } = asked;
  const origin = originOf(watch, pin?.vkey ?? null, reply.origin);
  const watched = watchCheckpoint(reply, origin, pin);
  const contradiction = pin && evidenceOf(watched, { pin, shown: reply, origin, seenAt: isoTime(now()) });
  if (contradiction !== null) {
    return { saw: 'contradiction', evidence: contradiction, file: folder.keepEvidence(contradiction) };
  }
  const fault = faultOf(watched, watch, state);
  if (fault !== null) return { saw: 'unverified', reason: fault };
  if (watched.state !== 'held') return { saw: 'nothing-signed' };
  const { size } = watched.checkpoint;
  const grown = pin === null || pin.size !== size;
  if (!grown && watch.last?.size === size && now() - watch.last.at < AFRESH) return { saw: 'same', size };
  if (grown) folder.keep(withPin(state, watch.record, watched.pin));
  return signAndHandIn(watch, watched, pin?.size ?? null);
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
function faultOf(watched: Watched, { logKey, record }: Watch, state: WitnessState): string | null {
  if (watched.state === 'bad') return watched.reason;
  if (watched.state !== 'held') return null;
  const { origin } = watched.checkpoint;
  if (record === 'hub' && !isHubOf(origin, state)) return 'checkpoint-of-another-hub';
  if (record === 'operation' && !origin.endsWith(`/op/${state.operation}`))
    return 'checkpoint-of-another-operation';
  return logKey !== null && logKey.vkey !== watched.pin.vkey ? 'not-the-log-key-given' : null;
}

function pinIn(state: WitnessState, record: WatchedRecord): Pin | null {
  return record === 'hub' ? state.hub : state.pin;
}

function withPin(state: WitnessState, record: WatchedRecord, pin: Pin): WitnessState {
  return record === 'hub' ? { ...state, hub: pin } : { ...state, pin };
}

/** The hub's record of the very hub whose operation is watched, by the key pinned there. [RC-82] */
function isHubOf(origin: string, { operation, pin }: WitnessState): boolean {
  const name = pin?.vkey.split('+')[0];
  return name === undefined ? origin.endsWith('/hub') : name.replace(`/op/${operation}`, '/hub') === origin;
}
