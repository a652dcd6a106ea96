import * as Y from 'yjs';

import { peopleById, personOfSession } from '#server/features/identity/index.ts';
import { command, type Handler, query } from '#server/platform/http/commands.ts';
import { theHub } from '#server/record/author.ts';
import { seedBoard } from '#shared/board/document.ts';
import { createBoard, listBoards } from '#shared/contracts/boards.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import type { BoardId } from '#shared/kernel/ids.ts';
import { newId, type Random } from '#shared/kernel/random.ts';

import * as store from './store.ts';

const boardsPerOperation = 200;

export function boardHandlers({ random }: { readonly random: Random }): Handler[] {
  return [
    query({
      call: listBoards,
      async read(tx, { pass, asOf }) {
        const found = await store.boardsOf(tx, pass);
        const people = await peopleById(
          tx,
          found.map((row) => row.created_by),
        );
        const boards = found.flatMap((row) => {
          const person = people.get(row.created_by);
          return person === undefined ? [] : [store.presentBoard(row, person)];
        });
        return { asOf, boards };
      },
    }),
    command({
      call: createBoard,
      async act(tx, { pass, now }, { title, compartment }) {
        if (!pass.compartments.has(compartment)) throw refuse('not.found', { where: 'compartment' });
        if ((await store.countBoards(tx, pass)) >= boardsPerOperation) {
          throw refuse('too.large', { what: `An operation holds ${boardsPerOperation} boards.` });
        }
        const row: store.BoardRow = {
          id: newId<BoardId>(random),
          title,
          compartment_id: compartment,
          created_by: pass.session.officer,
          created_ms: now,
        };
        const seed = seedUpdate();
        const about = { object: { kind: 'board', id: row.id }, compartment };
        return {
          facts: [
            { kind: 'board.created', ...about, body: { title } },
            { kind: 'board.updated', ...about, by: theHub, body: seed.update },
          ],
          async reply([created, seeded]) {
            invariant(created !== undefined && seeded !== undefined, 'a board without a position');
            const placed = { seq: seeded.seq, size: seed.update.length, clients: [seed.client] };
            await store.insertBoard(tx, pass, { ...row, seq: created.seq, seed: placed });
            return store.presentBoard(row, personOfSession(pass.session));
          },
        };
      },
    }),
  ];
}

/** The document as the hub lays it out, written here and never by a client. [CB-2] */
function seedUpdate(): { update: Uint8Array; client: number } {
  const doc = new Y.Doc();
  seedBoard(doc, { name: 'hub' });
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return { update, client: doc.clientID };
}
