import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket, WebSocketServer } from 'ws';
import * as Y from 'yjs';

import { root } from '#shared/board/document.ts';

const SYNC = 0;

type Line = { readonly socket: WebSocket; received: number; awaitsAnswer: boolean };

/**
 * A hub as the protocol describes it, with one board in memory: it applies, then broadcasts and acknowledges.
 * While `holding`, edits lie in its inbox as if a commit were under way.
 */
export class FakeHub {
  readonly doc = new Y.Doc();
  readonly offered: string[] = [];
  holding = false;
  /** Spoken to the next edit instead of committing it. */
  refuseNext: { code: string; close: number } | null = null;
  /** Spoken to every edit. */
  refuseAll: { code: string; close: number } | null = null;
  /** Messages that could change the document, over all connections. */
  edits = 0;
  largest = 0;
  readonly #server: WebSocketServer;
  readonly #lines = new Set<Line>();
  #inbox: (() => void)[] = [];

  private constructor(server: WebSocketServer) {
    this.#server = server;
    root(this.doc, 'meta').set('schema', 1);
    server.on('connection', (socket) => this.#join(socket));
  }

  static async start(): Promise<FakeHub> {
    const server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      handleProtocols: (offered) => (offered.has('muster-board.1') ? 'muster-board.1' : false),
    });
    await once(server, 'listening');
    return new FakeHub(server);
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `ws://127.0.0.1:${port}/y/op/board`;
  }

  get held(): number {
    return this.#inbox.length;
  }

  releaseOne(): void {
    this.#inbox.shift()?.();
  }

  release(): void {
    this.holding = false;
    const waiting = this.#inbox;
    this.#inbox = [];
    for (const act of waiting) act();
  }

  /** The connections fall, as when a cable is cut; what lay in the inbox is gone. */
  cut(): void {
    this.#inbox = [];
    for (const { socket } of this.#lines) socket.terminate();
  }

  closeAll(code: number, reason = ''): void {
    for (const { socket } of this.#lines) socket.close(code, reason);
  }

  /** As after a gap: asks, and passes over every update until the answer comes. */
  askAgain(): void {
    for (const line of this.#lines) {
      line.awaitsAnswer = true;
      line.socket.send(frame(SYNC, 0, Y.encodeStateVector(this.doc)));
    }
  }

  /** An edit by somebody else. */
  edit(act: (doc: Y.Doc) => void): void {
    const before = Y.encodeStateVector(this.doc);
    act(this.doc);
    this.#broadcast(Y.encodeStateAsUpdate(this.doc, before), null);
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(socket: WebSocket): void {
    const line: Line = { socket, received: 0, awaitsAnswer: false };
    this.#lines.add(line);
    this.offered.push(socket.protocol);
    socket.on('close', () => this.#lines.delete(line));
    socket.on('message', (data: Buffer) => this.#take(line, new Uint8Array(data)));
    socket.send(frame(SYNC, 0, Y.encodeStateVector(this.doc)));
  }

  #take(line: Line, bytes: Uint8Array): void {
    const decoder = decoding.createDecoder(bytes);
    if (decoding.readVarUint(decoder) !== SYNC) return;
    const step = decoding.readVarUint(decoder);
    const payload = decoding.readVarUint8Array(decoder);
    const act = step === 0 ? () => this.#answer(line, payload) : () => this.#commit(line, step, payload);
    if (this.holding) this.#inbox.push(act);
    else act();
  }

  #answer(line: Line, stateVector: Uint8Array): void {
    line.socket.send(frame(SYNC, 1, Y.encodeStateAsUpdate(this.doc, stateVector)));
  }

  #commit(line: Line, step: number, update: Uint8Array): void {
    line.received += 1;
    this.edits += 1;
    this.largest = Math.max(this.largest, update.length);
    if (line.awaitsAnswer && step === 2) return;
    line.awaitsAnswer = false;
    if (line.socket.readyState !== WebSocket.OPEN) return;
    const refusal = this.refuseNext ?? this.refuseAll;
    this.refuseNext = null;
    if (refusal) {
      const { code, close } = refusal;
      line.socket.send(reject(code));
      line.socket.close(close);
      return;
    }
    Y.applyUpdate(this.doc, update, line);
    this.#broadcast(update, line);
    line.socket.send(ack(line.received, 1));
  }

  #broadcast(update: Uint8Array, from: Line | null): void {
    for (const line of this.#lines) if (line !== from) line.socket.send(frame(SYNC, 2, update));
  }
}

function frame(type: number, step: number, bytes: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, type);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, bytes);
  });
}

function ack(clientSeq: number, docSeq: number): Uint8Array {
  return encoding.encode((encoder) => {
    for (const part of [100, clientSeq, docSeq]) encoding.writeVarUint(encoder, part);
  });
}

function reject(code: string): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 101);
    encoding.writeVarString(encoder, code);
  });
}
