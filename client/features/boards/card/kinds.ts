import { type CardKind, cardKinds } from '#shared/board/card.ts';

/** Kinds that are written here; indicators and tasks come from their own places. */
export const freeKinds: readonly CardKind[] = cardKinds.filter(
  (kind) => kind !== 'indicator' && kind !== 'task',
);
