// npm run cluster: the exercise on several hubs that share one PostgreSQL and one Redis, behind a small balancer.
// PORT: where people go (8080). CLUSTER_HUBS: how many (2). CLUSTER_DIR: keys and data of the hubs (a folder that goes
// with the cluster, unless said). DATABASE_URL, REDIS_URL: servers to use instead of own ones. Ctrl-C stops everything.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { openServices } from './test-services.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const count = Number(process.env.CLUSTER_HUBS ?? 2);
const port = Number(process.env.PORT ?? 8080);
const given = process.env.CLUSTER_DIR;
const home = given ?? fs.mkdtempSync(path.join(os.tmpdir(), 'muster-cluster-'));
const say = (line) => process.stdout.write(`${line}\n`);

/** @type {{ name: string, port: number, child: import('node:child_process').ChildProcess, up: boolean }[]} */
const hubs = [];
let stopping = false;

const { found, absent } = await openServices();
const service = (variable) => found.find((one) => one.variable === variable)?.value;
const databaseUrl = service('TEST_DATABASE_URL');
const redisUrl = service('TEST_REDIS_URL');
if (databaseUrl === undefined || redisUrl === undefined) {
  for (const { name, absent: how } of absent) say(`Not found: ${name}. ${how}.`);
  await stop(1);
}

const balancer = net.createServer(passOn);
balancer.on('error', (error) => {
  say(error.code === 'EADDRINUSE' ? `Port ${port} is in use: set PORT.` : String(error));
  void stop(1);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop(0));
await new Promise((resolve) => balancer.listen(port, 'localhost', resolve));
const url = `http://localhost:${balancer.address().port}`;

// The first one prepares the database and the exercise, and is the one that signs.
for (let n = 1; n <= count && !stopping; n++) await startHub(n);
if (!stopping) {
  say(`\nCLUSTER ready at ${url}: ${count} hubs take turns, whoever asks.`);
  for (const hub of hubs) say(`  ${hub.name}  http://localhost:${hub.port}  process ${hub.child.pid}`);
  say(`Only ${url} is accepted as Host and Origin. Logs of the hubs: ${home}\nCtrl-C stops everything.\n`);
}

async function startHub(n) {
  const name = `hub-${n}`;
  const own = await freePort();
  const log = fs.openSync(path.join(home, `${name}.log`), 'a');
  const child = spawn(process.execPath, [path.join(root, 'dist/exercise.js')], {
    cwd: home,
    stdio: ['ignore', 'pipe', log],
    env: {
      ...process.env,
      PORT: String(own),
      PUBLIC_URL: url,
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      DATA_DIR: path.join(home, name),
      SIGNER: String(n === 1),
      SIGNER_DIR: path.join(home, 'signer'),
      SECRET_FILE: path.join(home, 'secret.key'),
    },
  });
  // The first prepares the exercise through the balancer as soon as it listens.
  const hub = { name, port: own, child, up: n === 1 };
  hubs.push(hub);
  say(`Starting ${name} …`);
  child.once('exit', (code) => {
    hub.up = false;
    if (!stopping)
      say(`${name} has ended (${code ?? child.signalCode}); see ${path.join(home, `${name}.log`)}`);
  });
  child.stdout.on('data', (text) => fs.writeSync(log, text));
  const gone = new Promise((resolve) => child.once('exit', resolve));
  await Promise.race([gone, says(child, 'EXERCISE ready')]);
  hub.up = child.exitCode === null && child.signalCode === null;
  if (!hub.up) await stop(1);
}

function says(child, words) {
  let said = '';
  return new Promise((resolve) => {
    child.stdout.on('data', (text) => {
      said += text;
      if (said.includes(words)) resolve();
    });
  });
}

/** Every connection goes to the next hub that is up: nothing is sticky, and nothing needs to be. */
function passOn(near) {
  near.on('error', () => near.destroy());
  const next = hubs.findIndex(({ up }) => up);
  if (next < 0) return near.destroy();
  const [hub] = hubs.splice(next, 1);
  hubs.push(hub);
  const far = net.connect(hub.port, 'localhost');
  far.on('error', () => near.destroy());
  near.pipe(far);
  far.pipe(near);
  near.on('close', () => far.destroy());
  far.on('close', () => near.destroy());
}

async function stop(code) {
  if (stopping) return;
  stopping = true;
  await Promise.all(
    hubs.map(({ child }) => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const alive = child.exitCode === null && child.signalCode === null;
      if (alive) child.kill('SIGTERM');
      return alive ? ended : null;
    }),
  );
  await Promise.all(found.map((one) => one.stop()));
  if (given === undefined) fs.rmSync(home, { recursive: true, force: true });
  process.exit(code);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, 'localhost', () => {
      const { port: free } = probe.address();
      probe.close(() => resolve(free));
    });
  });
}
