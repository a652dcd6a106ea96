import * as Y from 'yjs';

import { addCard, editCard, moveCards } from '#shared/board/card.ts';
import { type CardId, newCardId, recordOf } from '#shared/board/document.ts';
import { asId, type OfficerId } from '#shared/kernel/ids.ts';
import type { Random } from '#shared/kernel/random.ts';

import type { Connection } from './connection.ts';
import { makeMark } from './marks.ts';
import { cardsPerWriter, type Ledger } from './tracker.ts';

export type WriterPlace = {
  readonly number: number;
  readonly connection: Connection;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Bytes of a field that every change replaces as well; 0 for everyday editing. */
  readonly bulk?: number;
};

const officer = asId<OfficerId>('0b'.repeat(16));

/**
 * An officer at work on cards of their own, with a real document and the board's own writers: of ten changes seven are
 * moves, two words typed into a text, one a new title. It does not apply what others do, as it builds on none of it.
 */
export class Writer {
  readonly #place: WriterPlace;
  readonly #doc = new Y.Doc();
  readonly #cards: CardId[] = [];
  readonly #origin = { bench: true };
  #changes = 0;
  #now = 0;

  constructor(place: WriterPlace) {
    this.#place = place;
    this.#doc.on('update', (update: Uint8Array) => place.connection.edit(update, this.#now));
  }

  /** The next change: at first a card each time. */
  act(): void {
    const { number, ledger } = this.#place;
    const change = this.#changes;
    this.#changes += 1;
    this.#now = performance.now();
    ledger.sent(number, this.#now);
    this.#doc.transact(() => {
      const id = this.#cards[change % cardsPerWriter] ?? this.#add(change);
      if (change >= cardsPerWriter) this.#change(id, change);
      recordOf(this.#doc, 'cards', id)?.set('mark', makeMark(number, change, this.#now));
    }, this.#origin);
  }

  destroy(): void {
    this.#doc.destroy();
  }

  #add(change: number): CardId {
    const { random, number } = this.#place;
    const id = newCardId(random);
    this.#cards.push(id);
    addCard(
      this.#doc,
      {
        id,
        kind: 'note',
        x: 40 + 260 * change,
        y: 40 + 160 * number,
        tlp: 'AMBER',
        createdBy: officer,
        title: `Lead ${number}-${change}`,
        text: 'Account opened in March by a courier. Ask the bank for the statement.',
      },
      this.#origin,
    );
    return id;
  }

  #change(id: CardId, change: number): void {
    const kind = change % 10;
    const { bulk = 0 } = this.#place;
    if (bulk > 0) recordOf(this.#doc, 'cards', id)?.set('attachment', 'x'.repeat(bulk));
    if (kind < 7)
      moveCards(this.#doc, [{ id, x: (change * 37) % 4000, y: (change * 53) % 3000 }], this.#origin);
    else if (kind < 9) this.#type(id);
    else editCard(this.#doc, { id, title: `Lead, seen again (${change})` }, this.#origin);
  }

  #type(id: CardId): void {
    const text = recordOf(this.#doc, 'cards', id)?.get('text');
    if (text instanceof Y.Text) text.insert(text.length, ' seen');
  }
}
