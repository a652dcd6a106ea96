import { type ChildProcess, spawn } from 'node:child_process';
import net from 'node:net';

/** Everything that is measured shares the first core; whoever measures has the second to itself. */
export const cores = { measured: '0', measuring: '1' } as const;

/** Started and not yet gone, so that an interrupted bench leaves nothing behind. */
const alive = new Map<ChildProcess, NodeJS.Signals>();

export type Running = { readonly pid: number; stop(): Promise<void> };

export type Program = {
  readonly command: string;
  readonly parameters: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly user?: { readonly uid?: number; readonly gid?: number };
  readonly folder?: string;
  readonly core: string;
  /** It is up when it prints "ready", or when it listens on this port. */
  readonly port?: number;
  readonly signal?: NodeJS.Signals;
};

/** Starts the program on its core and waits until it is up. */
export async function start(program: Program): Promise<Running> {
  const { command, parameters, environment, user, folder, core, port, signal = 'SIGTERM' } = program;
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('taskset', ['-c', core, command, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH, HOME, NODE_ENV: 'production', ...environment },
    ...user,
    ...(folder !== undefined && { cwd: folder }),
  });
  keep(child, signal);
  await (port === undefined ? saysReady(child) : listens(child, port));
  child.stdout?.resume();
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} has no process`);
  return { pid, stop: () => end(child, signal) };
}

/** Ended with the others by `endAll` unless it ends before. */
export function keep(child: ChildProcess, signal: NodeJS.Signals): void {
  alive.set(child, signal);
  child.once('exit', () => alive.delete(child));
}

export async function endAll(): Promise<void> {
  await Promise.all([...alive].map(([child, signal]) => end(child, signal)));
}

function saysReady(child: ChildProcess): Promise<void> {
  return new Promise((ready, failed) => {
    let said = '';
    child.once('exit', (code) =>
      failed(new Error(`${child.spawnargs.join(' ')} ended at its start (${code})`)),
    );
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (/^ready$/m.test(said)) ready();
    });
  });
}

async function listens(child: ChildProcess, port: number): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > end)
      throw new Error(`${child.spawnargs.join(' ')} does not listen`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.connect(port, '127.0.0.1');
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
    child.once('exit', () => {
      clearTimeout(late);
      resolve();
    });
    child.kill(signal);
  });
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
