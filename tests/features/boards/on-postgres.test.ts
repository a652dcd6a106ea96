import { beforeAll, describe } from 'vitest';

import { serviceFor } from '#tests/support/services.ts';
import { useStore } from './stores.ts';

// The suite of this folder once more, on PostgreSQL.
const suites = [
  'calls',
  'doubt',
  'durability',
  'group-commit',
  'hostile',
  'nodes',
  'presence',
  'rights',
  'sync',
];

describe.skipIf(serviceFor('postgres') === undefined).each(suites)('on PostgreSQL: %s', async (suite) => {
  beforeAll(() => useStore('postgres'));
  await import(`./${suite}.test.ts`);
});
