import type { z } from 'zod';
import { visibleTo } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { Message, Reference } from '#shared/contracts/chat.ts';
import type { handling as handlingSchema, Person } from '#shared/contracts/common.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import type { CompartmentId, MessageId, OfficerId } from '#shared/kernel/ids.ts';

export type MessageRow = {
  id: MessageId;
  seq: number;
  author_id: OfficerId;
  compartment_id: CompartmentId;
  text: string | null;
  handling: z.output<typeof handlingSchema>;
  reply_to: MessageId | null;
  mentions: OfficerId[];
  refs: Reference[];
  posted_ms: number;
  edited_ms: number | null;
  withdrawn_ms: number | null;
};

const columns = sql`id, seq, author_id, compartment_id, text, handling, reply_to, mentions, refs, posted_ms, edited_ms, withdrawn_ms`;
const seen = (pass: RoomPass) =>
  sql`operation_id = ${pass.operation} and ${visibleTo(pass, { compartment: sql`compartment_id`, by: sql`author_id` })}`;

/** Newest first. */
export function pageOfMessages(
  tx: Tx,
  pass: RoomPass,
  page: { before: number | undefined; limit: number },
): Promise<MessageRow[]> {
  const before = page.before ?? Number.MAX_SAFE_INTEGER;
  return rows(
    tx,
    sql`select ${columns} from messages where ${seen(pass)} and seq < ${before} order by seq desc limit ${page.limit}`,
  );
}

export function messageById(
  tx: Tx,
  pass: RoomPass,
  id: MessageId,
  lock: 'for update' | '' = '',
): Promise<MessageRow | null> {
  return oneRow(tx, sql`select ${columns} from messages where ${seen(pass)} and id = ${id} ${sql.raw(lock)}`);
}

export async function insertMessage(tx: Tx, pass: RoomPass, row: MessageRow): Promise<void> {
  await sql`insert into messages (operation_id, ${columns})
            values (${pass.operation}, ${row.id}, ${row.seq}, ${row.author_id}, ${row.compartment_id}, ${row.text},
                    ${JSON.stringify(row.handling)}, ${row.reply_to}, ${row.mentions}, ${JSON.stringify(row.refs)},
                    ${row.posted_ms}, ${row.edited_ms}, ${row.withdrawn_ms})`.execute(tx);
}

export async function updateMessage(tx: Tx, pass: RoomPass, row: MessageRow): Promise<void> {
  await sql`update messages set text = ${row.text}, mentions = ${row.mentions}, refs = ${JSON.stringify(row.refs)},
                   edited_ms = ${row.edited_ms}, withdrawn_ms = ${row.withdrawn_ms}
            where operation_id = ${pass.operation} and id = ${row.id}`.execute(tx);
}

export async function readMark(tx: Tx, pass: RoomPass): Promise<number> {
  const row = await oneRow<{ up_to: number }>(
    tx,
    sql`select up_to from read_marks where operation_id = ${pass.operation} and officer_id = ${pass.session.officer}`,
  );
  return row?.up_to ?? 0;
}

export async function moveMark(tx: Tx, pass: RoomPass, upTo: number): Promise<void> {
  await sql`insert into read_marks (operation_id, officer_id, up_to) values (${pass.operation}, ${pass.session.officer}, least(${upTo}::bigint, (select head from logs where id = ${pass.operation})))
            on conflict (operation_id, officer_id) do update set up_to = greatest(read_marks.up_to, excluded.up_to)`.execute(
    tx,
  );
}

export function presentMessage(row: MessageRow, author: Person): Message {
  return {
    id: row.id,
    seq: row.seq,
    author,
    postedAt: isoTime(row.posted_ms),
    text: row.withdrawn_ms === null ? row.text : null,
    handling: row.handling,
    compartment: row.compartment_id,
    replyTo: row.reply_to,
    mentions: row.mentions,
    references: row.refs,
    editedAt: row.edited_ms === null ? null : isoTime(row.edited_ms),
    withdrawnAt: row.withdrawn_ms === null ? null : isoTime(row.withdrawn_ms),
  };
}
