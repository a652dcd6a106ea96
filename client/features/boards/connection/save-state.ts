import type { RefusalCode } from '#shared/kernel/refusals.ts';

/** Whether the officer's edits are on the record. `unsaved` counts own edits the hub has not acknowledged. [CB-9] */
export type SaveState =
  /** Not yet shown for the first time. */
  | { readonly state: 'connecting'; readonly unsaved: number }
  | { readonly state: 'saved'; readonly unsaved: 0 }
  | { readonly state: 'saving'; readonly unsaved: number }
  /** No connection; it is being tried again. */
  | { readonly state: 'offline'; readonly unsaved: number }
  /** The hub refused the edits for good; nothing more is sent until the board is opened afresh. */
  | { readonly state: 'refused'; readonly code: RefusalCode; readonly unsaved: number }
  /** Access to this board is over. */
  | { readonly state: 'removed'; readonly code: RefusalCode; readonly unsaved: number };

const removing: ReadonlySet<RefusalCode> = new Set([
  'session.missing',
  'session.ended',
  'membership.ended',
  'not.found',
  'purpose.needed',
  'operation.purged',
]);

/** How a final refusal shows. */
export function ended(code: RefusalCode, unsaved: number): SaveState {
  return { state: removing.has(code) ? 'removed' : 'refused', code, unsaved };
}

export function sameSaveState(a: SaveState, b: SaveState): boolean {
  return a.state === b.state && a.unsaved === b.unsaved;
}

const codeOfClose: Readonly<Record<number, RefusalCode>> = {
  1009: 'too.large',
  4401: 'session.ended',
  4403: 'read.only',
  4404: 'not.found',
  4409: 'record.restored',
  4413: 'too.large',
  4422: 'update.invalid',
};

/** The catalogue code of a final close when the hub gave no other word. */
export function codeOfFinalClose(close: number): RefusalCode {
  return codeOfClose[close] ?? 'bad.frame';
}

/** 44xx, and 1009: a frame larger than the hub takes is as large the next time. */
export function isFinalClose(close: number): boolean {
  return close === 1009 || (close >= 4400 && close < 4500);
}
