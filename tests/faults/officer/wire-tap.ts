import * as decoding from 'lib0/decoding';
import WebSocket from 'ws';

import type { Ledger, SentUpdate } from '../history/ledger.ts';

const SYNC = 0;
const ACKNOWLEDGE = 100;
const ASK = 0;
/** The record was restored. */
export const RESTORED = 4409;

/** A kind of WebSocket that writes down what passes, both ways, before anybody has acted on it. */
export function tappedSocket(
  ledger: Ledger,
  officer: { readonly handle: string; readonly cookie: string; readonly url: string },
): typeof globalThis.WebSocket {
  class TappedSocket extends WebSocket {
    readonly #sent: SentUpdate[] = [];

    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols, { headers: { origin: officer.url, cookie: officer.cookie } });
      this.on('message', (data) => {
        if (data instanceof ArrayBuffer) this.#heard(new Uint8Array(data));
        else if (data instanceof Uint8Array) this.#heard(data);
      });
      this.once('open', () => {
        const line = { officer: officer.handle, since: Date.now() };
        ledger.lines.add(line);
        this.once('close', () => ledger.lines.delete(line));
      });
      this.once('close', (code) => {
        if (code !== RESTORED) return;
        const { toldRestored } = ledger;
        toldRestored.set(officer.handle, (toldRestored.get(officer.handle) ?? 0) + 1);
      });
      this.on('error', () => undefined);
    }

    override send(...given: unknown[]): void {
      const [frame] = given;
      if (frame instanceof Uint8Array) this.#sends(frame);
      Reflect.apply(super.send, this, given);
    }

    #sends(frame: Uint8Array): void {
      const update = updateIn(frame);
      if (update !== null) this.#sent.push(ledger.sends(officer.handle, update));
    }

    #heard(frame: Uint8Array): void {
      const update = updateIn(frame);
      if (update !== null) ledger.hears(officer.handle, update);
      const decoder = decoding.createDecoder(frame);
      if (decoding.readVarUint(decoder) !== ACKNOWLEDGE) return;
      const upTo = decoding.readVarUint(decoder);
      const newest = decoding.readVarUint(decoder);
      for (const sent of this.#sent.slice(0, upTo)) if (!sent.lost) sent.acknowledgedBelow ??= newest;
    }
  }
  return TappedSocket as unknown as typeof globalThis.WebSocket;
}

/** The Yjs update in an answer or a change; null for everything else. */
function updateIn(frame: Uint8Array): Uint8Array | null {
  const decoder = decoding.createDecoder(frame);
  if (decoding.readVarUint(decoder) !== SYNC || decoding.readVarUint(decoder) === ASK) return null;
  return decoding.readVarUint8Array(decoder);
}
