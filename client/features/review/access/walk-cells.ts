import type { KeyboardEvent } from 'react';

const steps: Readonly<Record<string, readonly [down: number, across: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Arrows go from cell to cell of a table whose cells hold a `[data-cell]`; rows without any are passed over. */
export function walkCells(event: KeyboardEvent<HTMLElement>): void {
  const [down, across] = steps[event.key] ?? [0, 0];
  const { target } = event;
  if (down === 0 && across === 0) return;
  if (!(target instanceof HTMLElement) || !target.matches('[data-cell]')) return;
  const rows = [...event.currentTarget.querySelectorAll('tr')]
    .map((row) => [...row.querySelectorAll<HTMLElement>('[data-cell]')])
    .filter((cells) => cells.length > 0);
  const row = rows.findIndex((cells) => cells.includes(target));
  const column = rows[row]?.indexOf(target) ?? -1;
  const next = rows[row + down]?.[column + across];
  event.preventDefault();
  next?.focus();
}
