import net from 'node:net';

/**
 * What becomes of bytes on their way: which of them arrive, and what becomes of the line then. `cut`: they are acted on, and
 * it breaks before any answer; without bytes it breaks on both sides at once. `late`: it breaks for the sender, and a while
 * later they arrive, the last ones of that line.
 */
export type Passage = { readonly bytes: Buffer; readonly breaks?: 'cut' | 'late' };
/** Nothing more arrives, on either side. */
export const cutAtOnce: Passage = { bytes: Buffer.alloc(0), breaks: 'cut' };
export type Meddle = (bytes: Buffer) => Passage;
/** Both ways of one line. */
export type LineMeddle = { readonly up?: Meddle; readonly down?: Meddle };

/** Milliseconds: by then the sender is on a new line and has asked what became of it. */
const LATE = 250;

/** Stands between a hub and what it stands on, and makes the network as bad as it is told. */
export class TcpProxy {
  readonly port: number;
  /** How often a line was cut by `meddle`. */
  cuts = 0;
  readonly #server: net.Server;
  readonly #lines = new Set<{ near: net.Socket; far: net.Socket }>();
  readonly #dead = new Set<{ near: net.Socket; far: net.Socket }>();
  #refusing = false;
  #hanging = false;
  #delay = 0;

  private constructor(server: net.Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** `meddle` is asked anew for each line. */
  static async to(target: number, meddle: () => LineMeddle = () => ({})): Promise<TcpProxy> {
    const server = net.createServer({ pauseOnConnect: true });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    const proxy = new TcpProxy(server, typeof address === 'object' && address !== null ? address.port : 0);
    server.on('connection', (near) => proxy.#connect(near, target, meddle()));
    return proxy;
  }

  /** Nobody gets through, and who was through is cut off. */
  refuse(refusing: boolean): void {
    this.#refusing = refusing;
    if (refusing) this.cutAll();
  }

  /** Lines stay open, and nothing arrives: until it is let go on. */
  hang(hanging: boolean): void {
    this.#hanging = hanging;
    for (const { near, far } of this.#lines) {
      for (const socket of [near, far]) {
        if (hanging) socket.pause();
        else socket.resume();
      }
    }
  }

  /** Everything takes so many milliseconds longer, each way and in order. */
  delay(milliseconds: number): void {
    this.#delay = milliseconds;
  }

  /** Lines that are open now go dead for good, without a word; new ones pass. */
  abandon(): void {
    for (const { near, far } of this.#lines) for (const socket of [near, far]) socket.pause();
    for (const line of this.#lines) this.#dead.add(line);
    this.#lines.clear();
  }

  cutAll(): void {
    for (const { near, far } of this.#lines) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  async close(): Promise<void> {
    for (const line of this.#dead) this.#lines.add(line);
    this.cutAll();
    await new Promise((closed) => this.#server.close(closed));
  }

  #connect(near: net.Socket, target: number, { up, down }: LineMeddle): void {
    near.on('error', () => near.destroy());
    if (this.#refusing) {
      near.resetAndDestroy();
      return;
    }
    const far = net.connect({ port: target, host: '127.0.0.1', noDelay: true });
    near.setNoDelay(true);
    const line = { near, far };
    this.#lines.add(line);
    far.on('error', () => near.destroy());
    const end = () => {
      near.destroy();
      far.destroy();
      this.#lines.delete(line);
    };
    far.on('close', end);
    let late = false;
    near.on('close', () => {
      if (!late) end();
    });
    const upward = (bytes: Buffer) => {
      const passage = up?.(bytes) ?? { bytes };
      late ||= passage.breaks === 'late';
      return passage;
    };
    this.#pass(near, far, upward);
    this.#pass(far, near, down);
    if (this.#hanging) {
      near.pause();
      far.pause();
    } else near.resume();
  }

  #pass(from: net.Socket, to: net.Socket, meddle: Meddle | undefined): void {
    const late: Buffer[] = [];
    from.on('data', (given: Buffer) => {
      const passage = meddle?.(given) ?? { bytes: given };
      if (passage.breaks === undefined) {
        if (late.length === 0 && this.#delay === 0) {
          to.write(passage.bytes);
          return;
        }
        // Each timer sends on what is first by then, so that order is kept when the delay changes.
        late.push(passage.bytes);
        setTimeout(() => {
          const first = late.shift();
          if (first !== undefined && to.writable) to.write(first);
        }, this.#delay);
        return;
      }
      this.cuts += 1;
      if (passage.breaks === 'cut') {
        cutBehind(passage.bytes, from, to);
        return;
      }
      from.resetAndDestroy();
      setTimeout(() => to.end(passage.bytes), LATE);
    });
  }
}

/** The bytes arrive; the answer to them is not even read. */
function cutBehind(bytes: Buffer, from: net.Socket, to: net.Socket): void {
  if (bytes.length === 0) {
    from.resetAndDestroy();
    to.resetAndDestroy();
    return;
  }
  from.pause();
  to.pause();
  const end = () => {
    from.resetAndDestroy();
    to.destroy();
  };
  to.write(bytes, () => setTimeout(end, 20));
}
