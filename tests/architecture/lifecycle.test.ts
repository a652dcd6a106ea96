import { expect, test } from 'vitest';

import { answerOf, type Effect, effects, operationStates } from '#shared/policy/lifecycle.ts';
import { verbs } from '#shared/policy/verbs.ts';

import { readText } from './source.ts';

const page = readText('docs/protocol/lifecycle.md');

test('[LC-1] the page shows the table of the policy, state by state', () => {
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (.+) \|$/gm)].map(([, effect = '', cells = '']) => [
    effect,
    cells.split(' | ').map((cell) => cell.replaceAll('`', '')),
  ]);
  const decided = effects.map((effect) => [effect, operationStates.map((state) => answerOf(state, effect))]);
  expect(rows).toEqual(decided);
  expect(page).toContain(`| Effect | ${operationStates.join(' | ')} |`);
});

test('[LC-1] every effect of the table is that of some verb', () => {
  const used = new Set<Effect>(Object.values(verbs).map(({ effect }) => effect));
  expect(effects.filter((effect) => !used.has(effect))).toEqual([]);
});
