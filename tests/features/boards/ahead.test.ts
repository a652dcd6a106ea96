import fc from 'fast-check';
import { expect, test } from 'vitest';

import { Ahead } from '#server/features/boards/engine/nodes/ahead.ts';

/** Commits of one board: each begins where the one below ended. */
const commits = Array.from({ length: 12 }, (_, at) => ({
  before: at * 3 - 1,
  last: at * 3 + 2,
  updates: [],
}));

test('[BD-6] commits heard in any order, twice or not at all are followed without a gap', () => {
  const heard = fc.shuffledSubarray([...commits, ...commits], { minLength: 1 });
  fc.assert(
    fc.property(heard, fc.nat(11), (order, known) => {
      const ahead = new Ahead();
      let newest = known * 3 - 1;
      const from = newest;
      const followed = order.flatMap((commit) => {
        ahead.add(commit);
        const chain = ahead.follow(newest);
        newest = chain.at(-1)?.last ?? newest;
        return chain;
      });
      const given = new Set(order.map(({ before }) => before));
      const expected = commits.filter(({ before }) => before >= from);
      const unbroken = expected.slice(0, expected.findIndex(({ before }) => !given.has(before)) >>> 0);
      expect(followed).toEqual(unbroken);
      expect(ahead.size).toBe([...given].filter((before) => before > newest).length);
    }),
  );
});
