// PostgreSQL, Redis, Chromium and Go for the tests: what the environment names, or what is installed here.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

/** @typedef {{ variable: string, value: string, stop: () => Promise<void> }} Found */
/** @typedef {{ name: string, absent: string }} Absent */

/**
 * Starts or finds every service. What is absent comes back with a sentence on how to install it.
 * @returns {Promise<{ found: Found[], absent: Absent[] }>}
 */
export async function openServices() {
  const found = [];
  const absent = [];
  for (const open of [postgres, redis, chromium, go]) {
    const service = await open();
    if ('absent' in service) absent.push(service);
    else found.push(service);
  }
  return { found, absent };
}

async function postgres() {
  const variable = 'TEST_DATABASE_URL';
  const given = process.env.DATABASE_URL;
  if (given) return { variable, value: given, stop: async () => undefined };
  const folder = newestPostgres();
  if (folder === null)
    return {
      name: 'PostgreSQL',
      absent: 'apt-get install postgresql, or set DATABASE_URL to a server for tests',
    };
  const user = unprivileged();
  if (user === null)
    return { name: 'PostgreSQL', absent: 'it does not run as root, and there is no user postgres' };

  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-postgres-'));
  const password = randomBytes(16).toString('hex');
  const passwordFile = path.join(home, 'password');
  fs.writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user.uid !== undefined) for (const file of [home, passwordFile]) fs.chownSync(file, user.uid, user.gid);
  const data = path.join(home, 'data');
  execFileSync(
    path.join(folder, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'muster',
      '-A',
      'scram-sha-256',
      '--pwfile',
      passwordFile,
      '-E',
      'UTF8',
      '--locale',
      'C',
    ],
    { ...user, cwd: home, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: home,
    fsync: 'on',
    max_connections: 200,
    log_min_messages: 'fatal',
  };
  const server = run(
    path.join(folder, 'postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...user, cwd: home },
  );
  await listening(port, server);
  return {
    variable,
    value: `postgresql://muster:${password}@127.0.0.1:${port}/postgres`,
    // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
    stop: () => end(server, 'SIGINT', home),
  };
}

async function redis() {
  const variable = 'TEST_REDIS_URL';
  const given = process.env.REDIS_URL;
  if (given) return { variable, value: given, stop: async () => undefined };
  const program = which('redis-server');
  if (program === null)
    return { name: 'Redis', absent: 'apt-get install redis-server, or set REDIS_URL to a server for tests' };
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-redis-'));
  const port = await freePort();
  const server = run(
    program,
    ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', home].map(String),
    { cwd: home },
  );
  await listening(port, server);
  return { variable, value: `redis://127.0.0.1:${port}`, stop: () => end(server, 'SIGTERM', home) };
}

async function chromium() {
  const value = process.env.CHROMIUM || which('chromium') || which('chromium-browser');
  if (!value) return { name: 'Chromium', absent: 'apt-get install chromium, or set CHROMIUM to its program' };
  return { variable: 'TEST_CHROMIUM', value, stop: async () => undefined };
}

/** With the packages note and tlog, on which the independent verifier of the record stands. */
async function go() {
  const name = 'Go with golang.org/x/mod';
  const packages = '/usr/share/gocode/src/golang.org/x/mod/sumdb';
  const value = which('go');
  if (value === null || !fs.existsSync(path.join(packages, 'tlog')))
    return { name, absent: 'apt-get install golang-go golang-golang-x-mod-dev' };
  return { variable: 'TEST_GO', value, stop: async () => undefined };
}

/** Debian keeps each major version's programs apart. */
function newestPostgres() {
  const root = '/usr/lib/postgresql';
  const versions = fs.existsSync(root) ? fs.readdirSync(root).map(Number).filter(Number.isFinite) : [];
  const newest = versions.sort((a, b) => b - a).map((version) => path.join(root, String(version), 'bin'));
  const usable = newest.find((folder) => fs.existsSync(path.join(folder, 'initdb')));
  if (usable) return usable;
  const initdb = which('initdb');
  return initdb === null ? null : path.dirname(fs.realpathSync(initdb));
}

/** PostgreSQL refuses to run as root: then it runs as its own user. `null` when there is none. */
function unprivileged() {
  if (process.getuid?.() !== 0) return {};
  const entry = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith('postgres:'));
  if (entry === undefined) return null;
  const [, , uid, gid] = entry.split(':').map(Number);
  return { uid, gid };
}

function which(program) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const found = folders.map((folder) => path.join(folder, program)).find((file) => fs.existsSync(file));
  return found ?? null;
}

function run(program, parameters, options) {
  const server = spawn(program, parameters, { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
  server.once('error', (error) => process.stderr.write(`${program}: ${error.message}\n`));
  return server;
}

function listening(port, server) {
  return new Promise((resolve, reject) => {
    const tooLate = Date.now() + 30_000;
    const attempt = () => {
      if (server.exitCode !== null) return reject(new Error(`${server.spawnfile} ended at its start`));
      if (Date.now() > tooLate) return reject(new Error(`${server.spawnfile} does not listen`));
      const socket = net.connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve();
      });
      socket.once('error', () => setTimeout(attempt, 50));
    };
    attempt();
  });
}

function end(server, signal, home) {
  return new Promise((resolve) => {
    const gone = () => {
      fs.rmSync(home, { recursive: true, force: true });
      resolve();
    };
    if (server.exitCode !== null || server.signalCode !== null) return gone();
    server.once('exit', gone);
    server.kill(signal);
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
