import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect } from 'vitest';

import { systemRandom } from '#server/app/system.ts';
import { hex } from '#shared/kernel/encoding.ts';
import { freePort } from '#tests/support/free-port.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { mustHave, testWith } from '#tests/support/services.ts';
import { BoardPeer, eventually } from './peer.ts';
import { has, put } from './support.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** `npm run cluster` on this run's PostgreSQL and Redis. */
async function startCluster() {
  const { url: databaseUrl, drop } = await freshDatabase();
  const port = await freePort();
  const child = spawn(process.execPath, [path.join(root, 'scripts/cluster.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PORT: String(port), DATABASE_URL: databaseUrl, REDIS_URL: mustHave('redis') },
  });
  let said = '';
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await eventually(
    () => said.includes('Ctrl-C stops everything') || child.exitCode !== null,
    'the cluster is up',
    150_000,
  );
  const hubs = [...said.matchAll(/hub-\d {2}http:\/\/localhost:\d+ {2}process (\d+)/g)];
  return {
    url: `http://localhost:${port}`,
    hubs: hubs.map(([, pid = '']) => ({ pid: Number(pid) })),
    async stop() {
      child.kill('SIGTERM');
      const code = await ended;
      await drop();
      return code;
    },
  };
}

async function request(
  base: string,
  given: { origin: string; cookie?: string; path: string; body?: object },
) {
  const { origin, cookie, body } = given;
  const response = await fetch(`${base}/api/v1${given.path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { origin, 'content-type': 'application/json', ...(cookie !== undefined && { cookie }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const cookies = response.headers.getSetCookie().map((one) => one.split(';')[0] ?? '');
  return { status: response.status, cookie: cookies.join('; '), body: (await response.json()) as unknown };
}

testWith('postgres', 'redis')(
  '[BD-6] npm run cluster: what is written through one hub is seen through another, also after a hub is gone',
  async () => {
    const { url, hubs, stop } = await startCluster();
    try {
      expect(hubs).toHaveLength(2);
      const signIn = await request(url, {
        origin: url,
        path: '/exercise/sign-in',
        body: { officer: 'tan.wei' },
      });
      const { cookie } = signIn;
      const created = await request(url, {
        origin: url,
        cookie,
        path: '/operations',
        body: { name: 'ATOLL', purpose: 'A test.', commandId: hex(systemRandom.bytes(16)) },
      });
      const operation = String(Reflect.get(Object(created.body), 'id'));
      const opened = await request(url, { origin: url, cookie, path: `/operations/${operation}` });
      const [{ id: compartment } = { id: '' }] = Reflect.get(Object(opened.body), 'compartments') as {
        id: string;
      }[];
      const board = await request(url, {
        origin: url,
        cookie,
        path: `/operations/${operation}/boards`,
        body: { title: 'Network', compartment, commandId: hex(systemRandom.bytes(16)) },
      });
      const boardId = String(Reflect.get(Object(board.body), 'id'));
      const open = async () => {
        const peer = new BoardPeer({
          url: `${url.replace('http', 'ws')}/y/${operation}/${boardId}`,
          origin: url,
          cookie,
        });
        await peer.ready();
        return peer;
      };
      // One connection after the other goes to one hub after the other.
      const pair = [await open(), await open()];
      for (const [at, { doc }] of pair.entries()) put(doc, `by ${at}`);
      await eventually(() => pair.every(({ doc }) => has(doc, 'by 0') && has(doc, 'by 1')), 'both have both');
      process.kill(hubs[1]?.pid ?? 0, 'SIGKILL');
      await eventually(
        () => pair.some(({ closed }) => closed !== null),
        'whoever was at the second hub is cut off',
      );
      const left = pair.filter(({ closed }) => closed === null);
      expect(left).toHaveLength(1);
      const back = await open();
      put(back.doc, 'after the loss');
      await eventually(() => left.every(({ doc }) => has(doc, 'after the loss')), 'the first hub goes on');
      for (const peer of [...left, back]) peer.hangUp();
    } finally {
      expect(await stop()).toBe(0);
    }
  },
  240_000,
);
