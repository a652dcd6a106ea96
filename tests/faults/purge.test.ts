import { expect, test } from 'vitest';

import { Member } from '#server/cli/exercise/member.ts';
import type { Store } from '#server/platform/storage/store.ts';
import { parseCertificate } from '#shared/record/certificate.ts';
import { checkAgainstExport } from '#shared/record/check-certificate.ts';
import { parseNote } from '#shared/record/note.ts';
import { storeKinds } from '#tests/record/support.ts';
import { freshDatabase } from '#tests/support/postgres.ts';

import { type PurgeFound, readPurge } from './history/read-purge.ts';
import { openStoreOf } from './history/read-record.ts';
import type { CrashPoint } from './support/crash-points.ts';
import { HubProcess } from './support/hub-process.ts';
import { inFolder } from './support/short-form.ts';

type Left = Omit<PurgeFound, 'problems' | 'certificate'>;
/** At the how manieth passing of which point the hub dies, and what is left then. */
type Death = readonly [at: CrashPoint, nth: number, left: Left];

const whole: Left = { state: 'archived', parts: 0, rows: 3, contents: 'all', ends: 0 };
const decided: Left = { ...whole, state: 'purging' };
const between: Left = { ...decided, parts: 1, rows: 0 };
const emptied: Left = { ...between, parts: 2, contents: 'none' };
const over: Left = { ...emptied, state: 'purged', ends: 1 };

/** One life after the other, of the same purge. The embedded store takes seconds to open: it has fewer. */
const deaths: Readonly<Record<Store['kind'], readonly Death[]>> = {
  embedded: [
    ['before-purge-commit', 2, between],
    ['after-purge-commit', 2, over],
    ['after-certificate-commit', 1, over],
  ],
  postgres: [
    ['before-act-commit', 1, whole],
    ['after-act-commit', 1, decided],
    ['before-purge-commit', 1, decided],
    ['after-purge-commit', 1, between],
    ['before-purge-commit', 1, between],
    ['after-purge-commit', 1, emptied],
    ['before-purge-commit', 1, emptied],
    ['after-purge-commit', 1, over],
    ['before-certificate-commit', 1, over],
    ['after-certificate-commit', 1, over],
  ],
};

test.each(storeKinds)(
  '[LC-18] [LC-24] a purge killed before, between and after its steps is never half, and certified once: %s',
  { timeout: 300_000 },
  async (kind) => {
    const database = kind === 'postgres' ? await freshDatabase() : null;
    await inFolder('purge', (folder) => dieAndGoOn(folder, deaths[kind], database?.url));
    await database?.drop();
  },
);

async function dieAndGoOn(folder: string, lives: readonly Death[], databaseUrl?: string): Promise<void> {
  const hub = await HubProcess.at({
    folder,
    settings: databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl },
  });
  try {
    await hub.start();
    const scene = await archivedOperation(hub.url);
    const certificates: (string | null)[] = [];
    let was = whole;
    for (const [at, nth, left] of lives) {
      await hub.kill();
      hub.spawn(`${at}:${nth}`);
      const shown = await live(hub, { ...scene, confirms: was.state === 'archived' });
      expect({ at, signal: (await hub.ended()).signal }).toEqual({ at, signal: 'SIGKILL' });
      expect(shown.filter((status) => status !== 410)).toEqual([]);
      const { certificate, ...found } = await leftOf(hub, scene, databaseUrl);
      expect({ at, ...found }).toEqual({ at, ...left, problems: [] });
      certificates.push(certificate);
      was = left;
    }
    const last = certificates.pop();
    expect(certificates.filter((one) => one !== null)).toEqual([]);
    await hub.start();
    await checkEnd(scene, last ?? '');
  } finally {
    await hub.kill();
  }
}

function leftOf(hub: HubProcess, { operation }: Scene, databaseUrl?: string): Promise<PurgeFound> {
  const { dataFolder, signerFolder } = hub;
  return openStoreOf({ dataFolder, databaseUrl }).then((store) =>
    readPurge(store, { operation, signerFolder }).finally(() => store.close()),
  );
}

/** The certificate is the one that was kept, says what there was, and is borne out by the record. */
async function checkEnd(scene: Scene, kept: string): Promise<void> {
  const { operation, tan } = scene;
  const { note, vkey } = await tan.get<{ note: string; vkey: string }>(
    `/operations/${operation}/certificate`,
  );
  expect(note).toBe(kept);
  expect(parseCertificate(parseNote(note)?.text ?? '')?.destroyed).toMatchObject({
    contents: { 'message.posted': 1, 'indicator.added': 1, 'board.created': 1 },
    rows: { messages: 1, indicators: 1, boards: 1 },
  });
  expect(await statusesOf(scene)).toEqual([410]);
  const asked = { commandId: 'e'.repeat(32), purpose: 'The court wants it.' };
  const exported = await (await ask(tan, `/operations/${operation}/export`, asked)).text();
  expect(await checkAgainstExport(note, [exported], { vkey })).toMatchObject({ ok: true });
}

type Scene = { readonly operation: string; readonly tan: Member; readonly bruno: Member };

/** With one message, indicator and board; Tan Wei (SG) has asked for its purge, Bruno (FR) may confirm. */
async function archivedOperation(url: string): Promise<Scene> {
  const [tan, bruno] = [await Member.signIn(url, 'tan.wei'), await Member.signIn(url, 'bruno')];
  const { id: operation } = await tan.act<{ id: string }>('open', '/operations', {
    name: 'TUNDRA',
    purpose: 'To be purged.',
  });
  const at = `/operations/${operation}`;
  const { compartments } = await tan.get<{ compartments: { id: string; name: string }[] }>(at);
  const compartment = compartments.find(({ name }) => name === 'main')?.id;
  const { officers } = await tan.get<{ officers: { officer: string; handle: string }[] }>(
    `${at}/candidates?text=bruno`,
  );
  const handling = { tlp: 'AMBER', pap: 'AMBER', code: 'H0', caveat: '', evaluation: null };
  const officerId = officers.find(({ handle }) => handle === 'bruno')?.officer;
  await tan.act('add', `${at}/members`, { officerId, role: 'auditor' });
  await tan.act('say', `${at}/messages`, { text: 'The account opens on Monday.', compartment, handling });
  await tan.act('note', `${at}/indicators`, {
    type: null,
    raw: 'https://pay.example/login',
    note: '',
    compartment,
    handling,
  });
  await tan.act('board', `${at}/boards`, { title: 'Accounts', compartment });
  for (const step of ['close', 'begin-review', 'archive'])
    await tan.act(step, `${at}/${step}`, { reason: 'Over.' });
  await tan.act('ask', `${at}/purge`, { reason: 'The five years are over.' });
  await tan.act('purpose', `${at}/purpose`, { purpose: 'A last look.' });
  return { operation, tan, bruno };
}

/** One life of a hub that is to die: what was shown once the purge was confirmed, which may be nothing. */
async function live(
  hub: HubProcess,
  { confirms, ...scene }: Scene & { readonly confirms: boolean },
): Promise<number[]> {
  const shown: number[] = [];
  if (!(await hub.ready())) return shown;
  if (confirms) {
    expect(await statusesOf(scene)).toEqual([200]);
    const { operation, bruno } = scene;
    const asked = { commandId: 'c'.repeat(32) };
    // The hub may die before it answers.
    await ask(bruno, `/operations/${operation}/purge/confirm`, asked).catch(() => null);
  }
  // What dies with the hub was no answer.
  while (hub.isRunning) shown.push(...(await statusesOf(scene).catch(() => [])));
  return shown;
}

/** How whatever has content answers, each answer once. */
async function statusesOf({ operation, tan }: Scene): Promise<number[]> {
  const found = new Set<number>();
  for (const what of ['', '/messages', '/indicators', '/boards']) {
    const { status } = await ask(tan, `/operations/${operation}${what}`);
    found.add(status);
  }
  return [...found];
}

function ask({ url, cookie }: Member, path: string, body?: object): Promise<Response> {
  return fetch(`${url}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { cookie, origin: url, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
}
