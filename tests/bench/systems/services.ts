import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import pg from 'pg';

import { cores, freePort, start } from './processes.ts';

export type Service = { readonly url: string; readonly pid: number };

/** PostgreSQL of this machine, in a folder of its own, with fsync on; `null` when it is not installed. */
export async function startPostgres(scratch: string): Promise<Service | null> {
  const programs = postgresPrograms();
  if (programs === null) return null;
  const user = unprivileged();
  const home = fs.mkdtempSync(path.join(scratch, 'postgres-'));
  if (user.uid !== undefined) fs.chownSync(home, user.uid, user.gid ?? user.uid);
  const data = path.join(home, 'data');
  execFileSync(
    path.join(programs, 'initdb'),
    ['-D', data, '-U', 'muster', '-A', 'trust', '-E', 'UTF8', '--locale', 'C'],
    { ...user, cwd: home, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: home,
    fsync: 'on',
    max_connections: 100,
    log_min_messages: 'fatal',
  };
  const server = await start({
    command: path.join(programs, 'postgres'),
    parameters: [
      '-D',
      data,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    user,
    folder: home,
    core: cores.measured,
    port,
    signal: 'SIGINT',
  });
  return {
    url: `postgresql://muster@127.0.0.1:${port}/postgres`,
    pid: server.pid,
  };
}

/** Redis of this machine, keeping nothing; `null` when it is not installed. */
export async function startRedis(scratch: string): Promise<Service | null> {
  const port = await freePort();
  if (!isInstalled('redis-server')) return null;
  const parameters = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = await start({
    command: 'redis-server',
    parameters,
    folder: scratch,
    core: cores.measured,
    port,
  });
  return { url: `redis://127.0.0.1:${port}`, pid: server.pid };
}

/** An empty database on that server. */
export async function freshDatabase(server: string): Promise<string> {
  const name = `bench_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** What one durable write costs on this disk, by PostgreSQL's own measure; `null` when it is not installed. */
export function fsyncFigure(scratch: string): string | null {
  const programs = postgresPrograms();
  if (programs === null) return null;
  const output = execFileSync(
    path.join(programs, 'pg_test_fsync'),
    ['-s', '1', '-f', path.join(scratch, 'fsync')],
    {
      encoding: 'utf8',
    },
  );
  return /^\s*(fdatasync\s+.*ops\/sec.*)$/m.exec(output)?.[1]?.replaceAll(/\s+/g, ' ') ?? null;
}

/** Debian keeps each major version's programs apart. */
function postgresPrograms(): string | null {
  const root = '/usr/lib/postgresql';
  const versions = fs.existsSync(root) ? fs.readdirSync(root).map(Number).filter(Number.isFinite) : [];
  const newest = Math.max(...versions);
  return Number.isFinite(newest) ? path.join(root, String(newest), 'bin') : null;
}

export function postgresVersion(): string {
  const programs = postgresPrograms();
  return programs === null
    ? ''
    : execFileSync(path.join(programs, 'postgres'), ['-V'], { encoding: 'utf8' }).trim();
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .some((folder) => fs.existsSync(path.join(folder, program)));
}

/** PostgreSQL refuses to run as root: then it runs as its own user. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const entry = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith('postgres:'));
  const [, , uid, gid] = (entry ?? '').split(':').map(Number);
  if (uid === undefined || gid === undefined) throw new Error('PostgreSQL needs a user postgres');
  return { uid, gid };
}
