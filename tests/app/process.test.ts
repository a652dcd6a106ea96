import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { generate } from 'otplib';
import { afterAll, expect, test } from 'vitest';

import { TestOfficer } from '#tests/support/officer.ts';
import { codeOf } from '#tests/support/refusal.ts';

import { startProcess } from './hub-process.ts';

const folders: string[] = [];
const scratch = () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-process-'));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

const password = 'seven grey herons on a wire';
const amber = { tlp: 'AMBER', pap: 'AMBER', code: 'H0', caveat: '', evaluation: null };

test('a hub is started, administered, stopped, backed up and put back; no secret reaches its log', async () => {
  const folder = scratch();
  const first = await startProcess(folder);
  const token = first.linkToken() ?? '';
  const ines = new TestOfficer(first.url);
  const { totp } = await ines.must<{ totp: { secret: string } }>('POST', '/enrolment/read', { token });
  const code = await generate({ secret: totp.secret });
  await ines.must('POST', '/enrolment/complete', {
    token,
    name: 'Ines Host',
    email: 'ines@host.example',
    password,
    code,
  });
  expect(
    codeOf(await new TestOfficer(first.url).post('/sign-in', { email: 'ines@host.example', password, code })),
  ).toBe('sign-in.failed');
  const opened = await ines.must<{ id: string }>('POST', '/operations', { name: 'GLACIER', purpose: '' });
  const room = await ines.must<{ compartments: { id: string; name: string }[] }>(
    'GET',
    `/operations/${opened.id}`,
  );
  const compartment = room.compartments.find(({ name }) => name === 'main')?.id;
  await ines.must('POST', `/operations/${opened.id}/messages`, {
    text: 'Kept.',
    compartment,
    handling: amber,
  });
  expect(await first.stop()).toBe(0);

  const cookie = ines.cookie?.split('=')[1] ?? 'none';
  expect(first.log()).toContain('stopping');
  for (const secret of [token, totp.secret, password, cookie, code])
    expect(first.log()).not.toContain(secret);

  // docs/guides/backup.md: the data folder from the backup, the signer's folder as it is.
  const elsewhere = scratch();
  fs.cpSync(path.join(folder, 'data'), path.join(elsewhere, 'data'), { recursive: true });
  fs.cpSync(path.join(folder, 'signer'), path.join(elsewhere, 'signer'), { recursive: true });
  const second = await startProcess(elsewhere);
  expect(second.linkToken()).toBe(null);
  const back = new TestOfficer(second.url);
  back.cookie = ines.cookie;
  expect(await back.must('GET', `/operations/${opened.id}/messages`)).toMatchObject({
    messages: [{ text: 'Kept.' }],
  });
  await expect
    .poll(
      async () =>
        (await back.must<{ size: number; head: number }>('GET', `/operations/${opened.id}/checkpoint`)).size,
    )
    .toBeGreaterThan(0);
  expect((await fetch(`${second.url}/readyz`)).status).toBe(200);
  expect(await second.stop()).toBe(0);
}, 60_000);

test('a hub that cannot start says every reason in a sentence and ends', async () => {
  const folder = scratch();
  const wrong = startProcess(folder, { PORT: 'eighty', DATABASE_URL: 'mysql://x', LOG_LEVEL: 'loud' });
  await expect(wrong).rejects.toThrow(/PORT: .*\n.*DATABASE_URL: .*\n.*LOG_LEVEL: /);
  await expect(startProcess(folder, { DATABASE_URL: 'postgresql://127.0.0.1:1/none' })).rejects.toThrow(
    /^the hub did not start:\nMuster cannot start: /,
  );
});
