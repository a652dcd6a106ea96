import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

import { until } from './chance.ts';
import { freePort } from './hub-process.ts';

/** A PostgreSQL or a Redis of a test's own, which may be stopped, killed and started again at the same port. */
export type Server = {
  readonly port: number;
  readonly url: string;
  /** Resolves when it takes connections again. */
  start(): Promise<void>;
  /** SIGINT, SIGQUIT (`immediate` for PostgreSQL: no checkpoint, recovery at the next start), SIGKILL, SIGSTOP, SIGCONT. */
  signal(signal: NodeJS.Signals): void;
  /** Resolves when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
};

/** With everything it holds in one folder, which may be copied and exchanged while it is stopped. */
export type PostgresServer = Server & { readonly data: string };

const root = '/usr/lib/postgresql';

/** The folder of PostgreSQL's programs on this machine, or null. */
export function postgresPrograms(): string | null {
  const versions = fs.existsSync(root) ? fs.readdirSync(root).map(Number).filter(Number.isFinite) : [];
  const folders = versions.sort((a, b) => b - a).map((version) => path.join(root, String(version), 'bin'));
  return folders.find((folder) => fs.existsSync(path.join(folder, 'initdb'))) ?? null;
}

export function redisProgram(): string | null {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return (
    folders.map((folder) => path.join(folder, 'redis-server')).find((file) => fs.existsSync(file)) ?? null
  );
}

/** In `home`, which may lie on a small disk. PostgreSQL does not run as root: then it runs as its own user. */
export async function openPostgresServer(home: string): Promise<PostgresServer> {
  const programs = postgresPrograms();
  if (programs === null) throw new Error('PostgreSQL is not installed');
  const user = unprivileged();
  fs.mkdirSync(home, { recursive: true });
  if (user.uid !== undefined && user.gid !== undefined) fs.chownSync(home, user.uid, user.gid);
  const data = path.join(home, 'data');
  const layout = ['-U', 'muster', '-A', 'trust', '-E', 'UTF8', '--locale', 'C', '--wal-segsize', '1'];
  execFileSync(path.join(programs, 'initdb'), ['-D', data, ...layout], {
    ...user,
    cwd: home,
    stdio: 'ignore',
  });
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: home,
    fsync: 'on',
    max_connections: '60',
    min_wal_size: '2MB',
    max_wal_size: '16MB',
    log_min_messages: 'fatal',
  };
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const run = () =>
    spawn(path.join(programs, 'postgres'), ['-D', data, ...given], { ...user, cwd: home, stdio: 'ignore' });
  return { ...server(port, `postgresql://muster@127.0.0.1:${port}/postgres`, run), data };
}

export async function openRedisServer(home: string): Promise<Server> {
  const program = redisProgram();
  if (program === null) throw new Error('Redis is not installed');
  fs.mkdirSync(home, { recursive: true });
  const port = await freePort();
  const given = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    home,
  ];
  return server(port, `redis://127.0.0.1:${port}`, () =>
    spawn(program, given, { cwd: home, stdio: 'ignore' }),
  );
}

function server(port: number, url: string, run: () => ChildProcess): Server {
  let child: ChildProcess | null = null;
  let gone: Promise<unknown> = Promise.resolve();
  return {
    port,
    url,
    async start() {
      const started = run();
      child = started;
      gone = new Promise((resolve) => started.once('exit', resolve));
      await until(() => takesConnections(port), `something listens at ${port}`);
    },
    signal: (signal) => {
      child?.kill(signal);
    },
    async stop(signal = 'SIGINT') {
      child?.kill(signal);
      await gone;
      child = null;
    },
  };
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const line = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'));
  const [, , uid, gid] = (line ?? '').split(':').map(Number);
  if (uid === undefined || gid === undefined) throw new Error('PostgreSQL needs a user postgres');
  return { uid, gid };
}
