import { Duplex } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';

/**
 * The wire of `pg` over a MessagePort. The driver writes one query as several small messages under `cork`; they arrive
 * here joined and leave as one, so that one query is one call of the database.
 */
export class MessageDuplex extends Duplex {
  readonly #port: MessagePort;

  constructor(port: MessagePort) {
    super({ allowHalfOpen: false });
    this.#port = port;
    port.on('message', (answer: Uint8Array) =>
      this.push(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength)),
    );
    port.on('close', () => this.destroy(new Error('the embedded store has stopped')));
  }

  // What `pg` asks of a socket.
  connect(): this {
    queueMicrotask(() => this.emit('connect'));
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  override _read(): void {
    // Pushed as it comes: answers are no larger than what one statement returns.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#send(chunk);
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)));
    done();
  }

  override _final(done: () => void): void {
    done();
    // A socket's peer would close; the driver waits for that.
    this.push(null);
    this.destroy();
  }

  #send(chunk: Buffer): void {
    // Terminate: the session is the engine's only one, and outlives this connection.
    if (chunk.length === 5 && chunk[0] === 0x58) return;
    const copy = new Uint8Array(chunk);
    this.#port.postMessage(copy, [copy.buffer]);
  }
}
