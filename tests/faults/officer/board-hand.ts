import * as Y from 'yjs';

import { addCard, deleteCards, moveCards } from '#shared/board/card.ts';
import { type CardId, recordOf, root } from '#shared/board/document.ts';
import { hex } from '#shared/kernel/encoding.ts';
import { asId } from '#shared/kernel/ids.ts';

import type { Edit, Ledger } from '../history/ledger.ts';
import { contentsOf, type Range } from '../history/ranges.ts';
import type { Chance } from '../support/chance.ts';

const me = { name: 'me' };
/** The one card whose text everybody writes into. */
export const sharedCard = asId<CardId>('5'.repeat(32));

/** Puts the card there that everybody writes into. */
export function addSharedCard(doc: Y.Doc): void {
  addCard(
    doc,
    { id: sharedCard, kind: 'note', x: 0, y: 0, tlp: 'AMBER', createdBy: asId('0'.repeat(32)), text: '|' },
    me,
  );
}

export function hasSharedCard(doc: Y.Doc): boolean {
  return recordOf(doc, 'cards', sharedCard)?.get('text') instanceof Y.Text;
}

/** One edit of one person, chosen by chance, with what it is made of. */
export function editOnce(
  doc: Y.Doc,
  ledger: Ledger,
  { officer, chance }: { officer: string; chance: Chance },
): void {
  const about = (what: Edit['what'], token: string) => ({ officer, what, token });
  const own = hex(chance.bytes(16));
  const choice = chance.int(1, 10);
  if (choice <= 4)
    note(doc, ledger, about('word', `[${officer}-${ledger.edits.length}]`), insertWord(chance));
  else if (choice <= 6) note(doc, ledger, about('card', own), addOwn(chance));
  else if (choice <= 9) note(doc, ledger, about('move', sharedCard), moveAny(chance));
  else {
    note(doc, ledger, about('passing', own), addOwn(chance));
    note(doc, ledger, about('deletion', own), (given, token) => deleteCards(given, [token], me));
  }
}

type Work = (doc: Y.Doc, token: string) => void;

/** Several transactions of one piece of work become one edit of the ledger. */
function note(doc: Y.Doc, ledger: Ledger, about: Pick<Edit, 'officer' | 'what' | 'token'>, work: Work): void {
  const client = doc.clientID;
  const from = Y.getState(doc.store, client);
  const deletes: Range[] = [];
  const watch = (update: Uint8Array) => deletes.push(...contentsOf(update).deletes);
  doc.on('update', watch);
  work(doc, about.token);
  doc.off('update', watch);
  const to = Y.getState(doc.store, client);
  const { officer, what, token } = about;
  ledger.edits.push({ officer, what, token, structs: to > from ? { client, from, to } : null, deletes });
}

/** Between two words, never inside one: so every word stays whole and can be counted. */
function insertWord(chance: Chance): Work {
  return (doc, token) => {
    const text = recordOf(doc, 'cards', sharedCard)?.get('text');
    if (!(text instanceof Y.Text)) return;
    const words = text.toString();
    const near = chance.int(0, words.length);
    const boundary = words.indexOf(']', near) + 1 || words.length;
    doc.transact(() => text.insert(boundary, token), me);
  };
}

function addOwn(chance: Chance): Work {
  return (doc, token) => {
    const place = { x: chance.int(-900, 900), y: chance.int(-900, 900) };
    addCard(
      doc,
      {
        id: asId(token),
        kind: 'task',
        ...place,
        tlp: 'AMBER',
        createdBy: asId('0'.repeat(32)),
        title: 'Ask',
      },
      me,
    );
  };
}

function moveAny(chance: Chance): Work {
  return (doc) => {
    const ids = [...root(doc, 'cards').keys()];
    const id = chance.happens(0.5) ? sharedCard : chance.pick(ids);
    moveCards(doc, [{ id: asId(id), x: chance.int(-900, 900), y: chance.int(-900, 900) }], me);
  };
}

/** A few of these, and the board's cached state is due. */
export function writeMuch(doc: Y.Doc): void {
  const text = recordOf(doc, 'cards', sharedCard)?.get('text');
  if (!(text instanceof Y.Text)) return;
  for (let times = 0; times < 3; times++) {
    doc.transact(() => text.insert(text.length, '~'.repeat(120_000)), me);
    doc.transact(() => text.delete(text.length - 120_000, 120_000), me);
  }
}
