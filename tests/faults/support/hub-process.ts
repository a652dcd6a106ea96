import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

import { pause, until } from './chance.ts';
import { clockFile } from './settable-clock.ts';

const program = path.resolve('dist/fault-hub.js');
/** The embedded store is 4 s of compiling at each start, and half of that is for speed that a life of seconds never sees. */
const quickStart = ['--liftoff-only', '--wasm-lazy-compilation'];

export type HubPlace = {
  /** Holds data, signer and logs of this hub. */
  readonly folder: string;
  /** More environment: DATABASE_URL, REDIS_URL and the like. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly port?: number;
  /** Where officers come to it, when that is not the hub itself but a proxy; PUBLIC_URL has to say so too. */
  readonly url?: string;
};

export type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A hub as a process of its own, that can be killed and started again at the same address. */
export class HubProcess {
  readonly folder: string;
  readonly port: number;
  starts = 0;
  readonly url: string;
  readonly #settings: Record<string, string>;
  #child: ChildProcess | null = null;
  #ended: Promise<Ending> = Promise.resolve({ code: 0, signal: null });

  private constructor(place: HubPlace, port: number) {
    this.folder = place.folder;
    this.#settings = { ...place.settings };
    this.port = port;
    this.url = place.url ?? `http://127.0.0.1:${port}`;
  }

  /** Nothing runs yet. */
  static async at(place: HubPlace): Promise<HubProcess> {
    if (!fs.existsSync(program)) throw new Error('build first: npm run build');
    return new HubProcess(place, place.port ?? (await freePort()));
  }

  get dataFolder(): string {
    return path.join(this.folder, 'data');
  }

  get signerFolder(): string {
    return path.join(this.folder, 'signer');
  }

  get logFile(): string {
    return path.join(this.folder, `hub-${this.port}.log`);
  }

  /** From its next start on. */
  set(name: string, value: string): void {
    this.#settings[name] = value;
  }

  get isRunning(): boolean {
    return this.#child !== null;
  }

  /** Starts the process and does not wait for it. `crashAt`: `point:nth`. */
  spawn(crashAt?: string): void {
    if (this.#child !== null) throw new Error('the hub is running');
    const output = fs.openSync(this.logFile, 'a');
    const { PATH, HOME, TZ } = process.env;
    const embedded = this.#settings.DATABASE_URL === undefined;
    const child = spawn(process.execPath, [...(embedded ? quickStart : []), program], {
      stdio: ['ignore', output, output],
      env: {
        ...(PATH !== undefined && { PATH }),
        ...(HOME !== undefined && { HOME }),
        ...(TZ !== undefined && { TZ }),
        PORT: String(this.port),
        HOST: '127.0.0.1',
        DATA_DIR: this.dataFolder,
        SIGNER_DIR: this.signerFolder,
        LOG_LEVEL: 'warn',
        [clockFile]: this.#clockFile,
        ...this.#settings,
        ...(crashAt !== undefined && { MUSTER_CRASH_AT: crashAt }),
      },
    });
    fs.closeSync(output);
    this.starts += 1;
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        if (this.#child === child) this.#child = null;
        resolve({ code, signal });
      });
    });
  }

  /** Resolves true once the hub can commit, false when it ended before. */
  async ready(within = 120_000): Promise<boolean> {
    const end = Date.now() + within;
    while (this.isRunning) {
      if (await this.answers('/readyz')) return true;
      if (Date.now() > end) throw new Error(`the hub did not get ready; see ${this.logFile}`);
      await pause(25);
    }
    return false;
  }

  async answers(probe: '/readyz' | '/healthz'): Promise<boolean> {
    try {
      const response = await fetch(this.url + probe, { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      return response.ok;
    } catch (error) {
      if (error instanceof Error) return false;
      throw error;
    }
  }

  /** Spawned, able to commit, and with its people at their desks. */
  async start(): Promise<void> {
    this.spawn();
    if (!(await this.ready())) throw new Error(`the hub ended at its start; see ${this.logFile}`);
    await until(
      async () => fs.statSync(this.logFile).size >= 0 && (await knowsPeople(this.url)),
      'the cast is at its desks',
    );
  }

  /** Resolves when the process is gone, however that comes. */
  ended(): Promise<Ending> {
    return this.#ended;
  }

  /** As the power goes: no handler of the process runs. */
  kill(): Promise<Ending> {
    this.#child?.kill('SIGKILL');
    return this.#ended;
  }

  /** As an administrator does it. */
  async stop(): Promise<Ending> {
    this.#child?.kill('SIGTERM');
    return this.#ended;
  }

  /** The clock of its machine is set wrong by so many milliseconds, now and at later starts. */
  setClock(wrong: number): void {
    fs.writeFileSync(this.#clockFile, String(wrong));
    this.#child?.kill('SIGUSR2');
  }

  get #clockFile(): string {
    return path.join(this.folder, 'clock');
  }

  /** Stops and continues the whole process: to the others it hangs. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  /** The last lines it wrote, for whoever has to find out. */
  lastWords(lines = 20): string {
    const text = fs.existsSync(this.logFile) ? fs.readFileSync(this.logFile, 'utf8') : '';
    return text.trimEnd().split('\n').slice(-lines).join('\n');
  }
}

async function knowsPeople(url: string): Promise<boolean> {
  const response = await fetch(`${url}/api/v1/exercise/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ officer: 'tan.wei' }),
  });
  await response.arrayBuffer();
  return response.ok;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
