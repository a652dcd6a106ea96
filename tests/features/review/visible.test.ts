import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { visibleTo } from '#server/features/operations/index.ts';
import { rows, sql } from '#server/platform/storage/store.ts';
import { asId, type CompartmentId, type OfficerId } from '#shared/kernel/ids.ts';
import { maySee } from '#shared/policy/visibility.ts';
import { openRecordStore, type RecordStore } from '#tests/record/support.ts';

let ground: RecordStore;
beforeAll(async () => {
  ground = await openRecordStore('embedded');
});
afterAll(() => ground.close());

const id = (digit: string) => asId<CompartmentId & OfficerId>(digit.repeat(32));
const compartments: readonly CompartmentId[] = [id('a'), id('b'), id('c')];
const officers: readonly OfficerId[] = [id('1'), id('2')];
const items = [null, ...compartments].flatMap((compartment) =>
  [null, ...officers].map((by) => ({ compartment, by })),
);

test('[RC-44] the condition in SQL says what maySee says, for every reader and row', async () => {
  const reader = fc.record({
    officer: fc.constantFrom(...officers),
    compartments: fc.subarray([...compartments]).map((some) => new Set(some)),
  });
  await fc.assert(
    fc.asyncProperty(reader, async ({ officer, compartments: receives }) => {
      const pass = { session: { officer }, compartments: receives } as unknown as Parameters<
        typeof visibleTo
      >[0];
      const columns = { compartment: sql`given.compartment`, by: sql`given.made_by` };
      const said = await ground.store.read((tx) =>
        rows<{ visible: boolean }>(
          tx,
          sql`select ${visibleTo(pass, columns)} as visible
              from unnest(${items.map(({ compartment }) => compartment)}::text[], ${items.map(({ by }) => by)}::text[])
                with ordinality as given (compartment, made_by, place) order by place`,
        ),
      );
      expect(said.map(({ visible }) => visible)).toEqual(
        items.map((item) => maySee({ officer, compartments: receives }, item)),
      );
    }),
    { numRuns: 40 },
  );
});
