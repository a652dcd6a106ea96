import { rootNames } from '#shared/board/document.ts';

import { boardEngineLimits as limits } from '../limits.ts';
import type { ScannedUpdate, Span } from './scan-update.ts';

/** What admission asks of the document as it stands. */
export type Known = {
  clock(client: number): number;
  isDeleted(span: Span): boolean;
};

export type Verdict =
  /** `claims`: client ids under which it brings something new. */
  | { readonly ok: true; readonly adds: boolean; readonly claims: readonly number[] }
  | { readonly ok: false; readonly code: 'update.invalid' | 'update.foreign' | 'update.gap' };

const writable: ReadonlySet<string> = new Set(rootNames.filter((name) => name !== 'meta'));

/**
 * Whether `update` may be applied on top of `known` by somebody who may use the client ids that `mine` allows.
 * Nothing is applied that leaves a dependency open, so nothing ever waits in the document. [BD-10] [BD-11]
 */
export function admitUpdate(update: ScannedUpdate, known: Known, mine: (client: number) => boolean): Verdict {
  for (const name of update.roots) if (!writable.has(name)) return { ok: false, code: 'update.invalid' };
  const fresh = update.brings.filter((span) => span.to > known.clock(span.client));
  if (fresh.length > limits.newClients) return { ok: false, code: 'update.invalid' };
  if (!fresh.every((span) => mine(span.client))) return { ok: false, code: 'update.foreign' };
  if (update.skips || leavesGap(update, known)) return { ok: false, code: 'update.gap' };
  const adds = fresh.length > 0 || !update.deletes.every((span) => known.isDeleted(span));
  return { ok: true, adds, claims: fresh.map((span) => span.client) };
}

function leavesGap(update: ScannedUpdate, known: Known): boolean {
  const brought = new Map(update.brings.map((span) => [span.client, span.to]));
  const end = (client: number) => Math.max(known.clock(client), brought.get(client) ?? 0);
  if (update.brings.some((span) => span.from > known.clock(span.client))) return true;
  if (update.deletes.some((span) => span.to > end(span.client))) return true;
  for (const [client, clock] of update.pointsAt) if (clock >= end(client)) return true;
  return false;
}
