import { afterAll, beforeAll, expect, test } from 'vitest';

import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(stopHubs);

const amber = { tlp: 'AMBER', pap: 'AMBER', code: 'H0', caveat: '', evaluation: null };

test('[CH-1] a message reaches every member who receives its compartment, live', async () => {
  const glacier = await hub.operation('GLACIER', { chanida: 'officer', jonas: 'officer' });
  const [tan, chanida, jonas] = [
    await hub.signIn('tan.wei'),
    await hub.signIn('chanida'),
    await hub.signIn('jonas'),
  ];
  const [atThai, atPartner] = [await chanida.connect(), await jonas.connect()];
  expect(await atThai.enter(glacier.id)).toMatchObject({ ok: true });
  expect(await atPartner.enter(glacier.id)).toMatchObject({ ok: true });
  const posted = await tan.must<{ id: string; seq: number }>('POST', `/operations/${glacier.id}/messages`, {
    text: 'Hold until H.',
    compartment: glacier.main,
    handling: amber,
  });
  await atThai.until(() => atThai.kinds.includes('message.posted'), 'the message');
  const entry = atThai.entries.find(({ kind }) => kind === 'message.posted');
  expect(entry).toMatchObject({
    seq: posted.seq,
    by: { handle: 'tan.wei', country: 'SG' },
    body: { text: 'Hold until H.' },
  });
  expect(atPartner.kinds).not.toContain('message.posted');
});
