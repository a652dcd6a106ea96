import { expect, test } from 'vitest';

import { RemotePresence } from '#server/features/boards/engine/nodes/remote-presence.ts';
import { asId, type OfficerId } from '#shared/kernel/ids.ts';

const officer: OfficerId = asId('a'.repeat(32));
const shown = (client: number, clock: number, state = '{}') => ({ client, clock, state, officer });
const said = (node: string, again = false) => ({ node, again });

test('[BD-26] a client that goes from one node to another is with the one that showed it last', () => {
  const presence = new RemotePresence();
  expect(presence.shown(said('a'), [shown(7, 3)], 0)).toEqual([{ client: 7, clock: 3, state: '{}' }]);
  expect(presence.shown(said('b'), [shown(7, 3)], 0)).toEqual([{ client: 7, clock: 3, state: '{}' }]);
  expect(presence.shown(said('a'), [shown(7, 3, 'null')], 0)).toEqual([]);
  expect(presence.shown(said('a', true), [shown(7, 3)], 0)).toEqual([]);
  expect(presence.here('a', [], 0)).toEqual({ left: [], unknown: false });
  expect(presence.entries()).toEqual([{ client: 7, clock: 3, state: '{}' }]);
  expect(presence.here('b', [], 0).left).toEqual([{ client: 7, clock: 3, state: 'null' }]);
});

test('[BD-26] what a node says holds for ten seconds from its last word', () => {
  const presence = new RemotePresence();
  presence.shown(said('a'), [shown(7, 3)], 0);
  presence.shown(said('b'), [shown(8, 1)], 0);
  expect(presence.here('a', [[7, 3]], 9_000)).toEqual({ left: [], unknown: false });
  expect(presence.expire(10_000)).toEqual([{ client: 8, clock: 1, state: 'null' }]);
  expect(presence.expire(18_999)).toEqual([]);
  expect(presence.expire(19_000)).toEqual([{ client: 7, clock: 3, state: 'null' }]);
});

test('[BD-26] a node that lists somebody of whom nothing was heard is asked', () => {
  const presence = new RemotePresence();
  expect(presence.here('a', [[7, 3]], 0)).toEqual({ left: [], unknown: true });
  presence.shown(said('a', true), [shown(7, 3)], 0);
  expect(presence.here('a', [[7, 3]], 0)).toEqual({ left: [], unknown: false });
  expect(presence.here('a', [[7, 4]], 0)).toEqual({ left: [], unknown: true });
});
