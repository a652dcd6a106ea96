import { randomBytes } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';

import type { Answer, ClientToServer, Frame, Present, ServerToClient } from '#shared/contracts/rooms.ts';

export type Answered = { readonly status: number; readonly body: unknown; readonly headers: Headers };

/** Somebody at a desk: a cookie jar, an Origin, and sockets. Speaks the documented API and nothing else. */
export class TestOfficer {
  readonly url: string;
  cookie: string | null = null;
  readonly #sockets: Socket[] = [];

  constructor(url: string) {
    this.url = url;
  }

  commandId(): string {
    return randomBytes(16).toString('hex');
  }

  async request(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answered> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        origin: this.url,
        ...(method === 'POST' && { 'content-type': 'application/json' }),
        ...(this.cookie !== null && { cookie: this.cookie }),
        ...headers,
      },
      ...(method === 'POST' && { body: typeof body === 'string' ? body : JSON.stringify(body ?? {}) }),
    });
    const set = response.headers.getSetCookie().find((one) => one.startsWith('__Host-muster='));
    if (set !== undefined) this.cookie = /Max-Age=0/.test(set) ? null : (set.split(';')[0] ?? null);
    const text = await response.text();
    const isJson = /^application\/json(;|$)/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
  }

  get(path: string): Promise<Answered> {
    return this.request('GET', path);
  }

  /** A POST; adds a command id unless the body has one. */
  post(path: string, body: object = {}): Promise<Answered> {
    return this.request(
      'POST',
      path,
      path.includes('sign-in') ? body : { commandId: this.commandId(), ...body },
    );
  }

  /** The reply, or an error that says what was refused. */
  async must<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    const answered = method === 'GET' ? await this.get(path) : await this.post(path, body);
    if (answered.status >= 300)
      throw new Error(`${method} ${path}: ${answered.status} ${JSON.stringify(answered.body)}`);
    return answered.body as T;
  }

  /** A live connection, with everything it has been sent. */
  async connect(): Promise<LiveSocket> {
    const socket: Socket<ServerToClient, ClientToServer> = io(this.url, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      extraHeaders: { origin: this.url, ...(this.cookie !== null && { cookie: this.cookie }) },
    });
    this.#sockets.push(socket as unknown as Socket);
    const live = new LiveSocket(socket);
    await new Promise<void>((connected, failed) => {
      socket.once('connect', connected);
      socket.once('connect_error', failed);
    });
    return live;
  }

  close(): void {
    for (const socket of this.#sockets) socket.disconnect();
  }
}

export class LiveSocket {
  readonly socket: Socket<ServerToClient, ClientToServer>;
  readonly frames: Frame[] = [];
  readonly ended: { operationId: string | null; code: string }[] = [];
  present: Present[] = [];
  closed = false;
  readonly #waiting = new Set<() => void>();

  constructor(socket: Socket<ServerToClient, ClientToServer>) {
    this.socket = socket;
    socket.on('frame', (frame) => {
      this.frames.push(frame);
      this.#wake();
    });
    socket.on('presence', ({ present }) => {
      this.present = present;
      this.#wake();
    });
    socket.on('ended', (ended) => {
      this.ended.push(ended);
      this.#wake();
    });
    socket.on('disconnect', () => {
      this.closed = true;
      this.#wake();
    });
  }

  enter(operationId: string, since = 0): Promise<Answer<{ aclEpoch: number; head: number }>> {
    return new Promise((answer) => this.socket.emit('room.enter', { operationId, since }, answer));
  }

  say(event: 'presence' | 'room.leave' | 'call', input: unknown): Promise<Answer<unknown>> {
    return new Promise((answer) => this.socket.emit(event, input as never, answer as never));
  }

  get entries() {
    return this.frames.flatMap((frame) => frame.entries);
  }

  get kinds(): string[] {
    return this.entries.map(({ kind }) => kind);
  }

  /** Resolves once `condition` holds; re-examined at everything received. */
  async until(condition: () => boolean, what = 'the condition'): Promise<void> {
    while (!condition()) {
      await new Promise<void>((woken, late) => {
        const timer = setTimeout(
          () => late(new Error(`waited in vain for ${what}; saw ${this.kinds.join(' ')}`)),
          8_000,
        );
        const wake = () => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          woken();
        };
        this.#waiting.add(wake);
      });
    }
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
