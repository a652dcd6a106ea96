import { peopleById, personOfSession } from '#server/features/identity/index.ts';
import { type ContentTable, contentTable } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import {
  type Acted,
  command,
  type Handler,
  type NewFact,
  query,
  work,
} from '#server/platform/http/commands.ts';
import type { Store, Tx } from '#server/platform/storage/store.ts';
import {
  editMessage,
  listMessages,
  type Message,
  markRead,
  postMessage,
  withdrawMessage,
} from '#shared/contracts/chat.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import type { MessageId } from '#shared/kernel/ids.ts';
import { newId, type Random } from '#shared/kernel/random.ts';

import * as store from './store.ts';

/** What a purge destroys here. */
export const chatContents: readonly ContentTable[] = [contentTable('messages'), contentTable('read_marks')];

export type ChatDeps = { readonly random: Random; readonly store: Store };

/** What is said in the room. Every version of every message is on the record; the table holds the newest. */
export function chatHandlers(deps: ChatDeps): Handler[] {
  return [
    query({
      call: listMessages,
      async read(tx, { pass, asOf }, { before, limit }) {
        const newest = await store.pageOfMessages(tx, pass, { before, limit: limit + 1 });
        const page = newest.slice(0, limit).reverse();
        const people = await peopleById(
          tx,
          page.map((row) => row.author_id),
        );
        const messages = page.flatMap((row) => {
          const author = people.get(row.author_id);
          return author === undefined ? [] : [store.presentMessage(row, author)];
        });
        return { asOf, messages, more: newest.length > limit, readUpTo: await store.readMark(tx, pass) };
      },
    }),
    command({
      call: postMessage,
      async act(tx, { pass, now }, input) {
        if (!pass.compartments.has(input.compartment)) throw refuse('not.found', { where: 'compartment' });
        await checkReply(tx, pass, input);
        const row: store.MessageRow = {
          id: newId<MessageId>(deps.random),
          seq: -1,
          author_id: pass.session.officer,
          compartment_id: input.compartment,
          text: input.text,
          handling: input.handling,
          reply_to: input.replyTo,
          mentions: input.mentions,
          refs: input.references,
          posted_ms: now,
          edited_ms: null,
          withdrawn_ms: null,
        };
        const { seq: _unknown, ...said } = present(row, pass);
        return {
          facts: [fact('message.posted', row, said)],
          async reply([at]) {
            invariant(at !== undefined, 'a message without a position');
            const placed = { ...row, seq: at.seq };
            await store.insertMessage(tx, pass, placed);
            return present(placed, pass);
          },
        };
      },
    }),
    command({
      call: editMessage,
      async act(tx, { pass, now }, { messageId, text, mentions, references }) {
        const row = await own(tx, pass, messageId);
        return change(tx, pass, 'message.edited', {
          ...row,
          text,
          mentions,
          refs: references,
          edited_ms: now,
        });
      },
    }),
    command({
      call: withdrawMessage,
      async act(tx, { pass, now }, { messageId, reason }) {
        const row = await own(tx, pass, messageId);
        return change(tx, pass, 'message.withdrawn', { ...row, text: null, withdrawn_ms: now }, { reason });
      },
    }),
    work({
      call: markRead,
      async work({ pass }, { upTo }) {
        await deps.store.write((tx) => store.moveMark(tx, pass, upTo));
        return {};
      },
    }),
  ];
}

async function checkReply(
  tx: Tx,
  pass: RoomPass,
  input: { replyTo: MessageId | null; compartment: string },
): Promise<void> {
  if (input.replyTo === null) return;
  const original = await store.messageById(tx, pass, input.replyTo);
  if (original === null) throw refuse('not.found', { where: 'replyTo' });
  // A reply quotes: it may not carry words to people who did not receive them.
  if (original.compartment_id !== input.compartment) {
    throw refuse('bad.request', {
      where: 'compartment',
      what: 'a reply stays in the compartment of the message it answers',
    });
  }
}

async function own(tx: Tx, pass: RoomPass, id: MessageId): Promise<store.MessageRow> {
  const row = await store.messageById(tx, pass, id, 'for update');
  if (row === null || row.withdrawn_ms !== null) throw refuse('not.found', { where: 'messageId' });
  if (row.author_id !== pass.session.officer) throw refuse('not.originator');
  return row;
}

async function change(
  tx: Tx,
  pass: RoomPass,
  kind: 'message.edited' | 'message.withdrawn',
  row: store.MessageRow,
  more: { reason: string } | undefined = undefined,
): Promise<Acted<Message>> {
  await store.updateMessage(tx, pass, row);
  const message = present(row, pass);
  return { facts: [fact(kind, row, { ...message, ...more })], reply: message };
}

function present(row: store.MessageRow, pass: RoomPass): Message {
  return store.presentMessage(row, personOfSession(pass.session));
}

function fact(kind: NewFact['kind'], row: store.MessageRow, body: Json): NewFact {
  return { kind, object: { kind: 'message', id: row.id }, compartment: row.compartment_id, body };
}
