import { fieldsOf } from '#shared/board/change.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';

/** A card with the links it had then: without them a card that was deleted would come back alone. */
export function linksThen(board: Json, card: string): ReadonlySet<string> {
  const links = fieldsOf(fieldsOf(board)?.links) ?? {};
  const own = Object.entries(links).filter(([, link]) => {
    const { from, to } = fieldsOf(link) ?? {};
    return from === card || to === card;
  });
  return new Set([card, ...own.map(([id]) => id)]);
}
