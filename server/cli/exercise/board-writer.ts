import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';

import type { Member } from './member.ts';

const SYNC = 0;
const ACK = 100;

/** Opens a board as a member, lets `write` change it, and resolves once every change is acknowledged. */
export async function writeBoard(member: Member, path: string, write: (doc: Y.Doc) => void): Promise<void> {
  const doc = new Y.Doc();
  const socket = new WebSocket(`${member.url.replace(/^http/, 'ws')}/y/${path}`, ['muster-board.1'], {
    headers: { origin: member.url, cookie: member.cookie },
  });
  socket.binaryType = 'nodebuffer';
  try {
    await new Promise<void>((written, failed) => {
      let sent = 0;
      let synced = false;
      const send = (step: number, bytes: Uint8Array) => {
        const encoder = encoding.createEncoder();
        encoding.writeVarUint(encoder, SYNC);
        encoding.writeVarUint(encoder, step);
        encoding.writeVarUint8Array(encoder, bytes);
        if (step !== 0) sent += 1;
        socket.send(encoding.toUint8Array(encoder));
      };
      socket.once('open', () => send(0, Y.encodeStateVector(doc)));
      socket.once('error', failed);
      socket.once('close', (code) =>
        failed(new Error(`the board was closed (${code}) before everything was acknowledged`)),
      );
      socket.on('message', (frame: Buffer) => {
        const decoder = decoding.createDecoder(new Uint8Array(frame));
        const type = decoding.readVarUint(decoder);
        if (type === ACK && synced && decoding.readVarUint(decoder) >= sent) written();
        if (type !== SYNC) return;
        const step = decoding.readVarUint(decoder);
        const bytes = decoding.readVarUint8Array(decoder);
        if (step === 0) {
          send(1, Y.encodeStateAsUpdate(doc, bytes));
          return;
        }
        Y.applyUpdate(doc, bytes, 'hub');
        if (step !== 1 || synced) return;
        synced = true;
        doc.on('update', (update: Uint8Array, origin: unknown) => {
          if (origin !== 'hub') send(2, update);
        });
        write(doc);
      });
    });
  } finally {
    socket.removeAllListeners('close');
    socket.close();
    doc.destroy();
  }
}
