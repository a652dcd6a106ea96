import { afterAll, beforeAll, expect, test } from 'vitest';

import { boardContents } from '#server/features/boards/index.ts';
import { chatContents } from '#server/features/chat/index.ts';
import { indicatorContents } from '#server/features/indicators/index.ts';
import { operationContents } from '#server/features/operations/index.ts';
import { reviewContents } from '#server/features/review/index.ts';
import { readText } from '#tests/architecture/source.ts';
import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';

import { tablesOf } from './scene.ts';

/** Tables that a purge leaves alone, each with the reason. */
const staying: Readonly<Record<string, string>> = {
  checkpoints: 'the signed tree',
  commands: 'kept replies go with the entries of their commands',
  cosignatures: 'the signed tree',
  compartments: 'two names that every operation has',
  desks: 'the hub’s own',
  enrolments: 'the hub’s own',
  entries: 'the record without its contents',
  entry_contents: 'destroyed by place, with counts by kind',
  hub: 'the hub’s own',
  log_keys: 'the signed tree',
  logs: 'the record without its contents',
  members: 'who may read the certificate',
  migrations: 'the hub’s own',
  officers: 'the hub’s own',
  operations: 'its state and name; the purpose is emptied',
  quorum_policies: 'the signed tree',
  receipt_keys: 'the hub’s own',
  record_anchors: 'the signed tree',
  record_cuts: 'the signed tree',
  review_progress: 'how far entries are counted',
  review_tally: 'entries by hour and kind, which stay',
  witnesses: 'the signed tree',
  purges: 'the decision and the certificate',
  seal_requests: 'hashes, for seconds',
  sessions: 'the hub’s own',
  tree_nodes: 'the signed tree',
};

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(stopHubs);

const told = [
  ...boardContents,
  ...chatContents,
  ...indicatorContents,
  ...reviewContents,
  ...operationContents,
].map(({ table }) => table);

test('[LC-19] every table is told to the purge by its feature, or is listed here with why it stays', async () => {
  const known = [...told, ...Object.keys(staying)].sort();
  expect(known).toEqual(await tablesOf(hub.store));
});

test('[LC-19] what the features tell, the hub gives to its purge', () => {
  const compose = readText('server/app/compose.ts');
  const given = [...compose.matchAll(/\.\.\.(\w+Contents)\b/g)].map(([, name]) => name).sort();
  expect(given).toEqual([
    'boardContents',
    'chatContents',
    'indicatorContents',
    'operationContents',
    'reviewContents',
  ]);
});
