import { fieldsOf } from '#shared/board/change.ts';
import { strictest, type Tlp, tlpLabels } from '#shared/policy/markings.ts';
import type { Compared } from './use-compare.ts';

export const groups = ['boards', 'chat', 'register', 'people', 'operation'] as const;
export type Group = (typeof groups)[number];

/** What differs, group by group; `told` is fewer where a list ends. */
export function countsOf(
  compared: Compared,
): Record<Group, { readonly told: number; readonly total: number }> {
  const { boards, messages, indicators, members, operation } = compared;
  const changed = boards.reduce((sum, { changes, more }) => sum + changes.length + more, 0);
  const told = boards.reduce((sum, { changes }) => sum + changes.length, 0);
  const all = (count: number) => ({ told: count, total: count });
  return {
    boards: { told, total: changed },
    chat: { told: messages.rows.length, total: listTotal(messages) },
    register: { told: indicators.rows.length, total: listTotal(indicators) },
    people: all(members.length),
    operation: all(operation.length),
  };
}

/** Totals count what was touched; as long as the list has not ended, the list is what differs. */
function listTotal({ total, rows }: { readonly total: number; readonly rows: readonly unknown[] }): number {
  return rows.length < MOST ? rows.length : Math.max(total, rows.length);
}

const MOST = 200;

/** The strictest marking of what a comparison shows; RED when nothing in it says. */
export function markingOf({ boards, messages, indicators }: Compared): Tlp {
  const cards = boards.flatMap(({ records }) =>
    records.flatMap(({ before, after }) => [fieldsOf(before)?.['tlp'], fieldsOf(after)?.['tlp']]),
  );
  const labels = [
    ...cards.flatMap((label) => tlpLabels.find((one) => one === label) ?? []),
    ...messages.rows.map(({ after }) => after.handling.tlp),
    ...indicators.rows.flatMap(({ before, after }) => [
      after.handling.tlp,
      ...(before === null ? [] : [before.handling.tlp]),
    ]),
  ];
  return labels.length === 0 ? 'RED' : strictest(labels);
}
