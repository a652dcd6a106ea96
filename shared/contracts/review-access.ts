import { z } from 'zod';

import { cursor, inOperation, person } from './common.ts';
import { call } from './contract.ts';
import { moment, underReading } from './review-replay.ts';

const consulted = z.object({ seq: z.number().int(), at: z.string(), kind: z.string() });

/** One person and the item: whether they could see it at that moment, and where the record says that they did. */
export const seenBy = z.object({
  person,
  /** Role at that moment; null for somebody who was no member then. */
  role: z.string().nullable(),
  /** They receive its compartment, it is their own, or they do not receive it. */
  could: z.enum(['compartment', 'own', 'no']),
  /**
   * Openings, entrances, exports and readings of theirs after the item came to be and up to the moment, newest first, at
   * most ten: of the item itself (`direct`), or of what shows it, the room and the whole record.
   */
  consulted: z.array(consulted.extend({ direct: z.boolean() })),
  times: z.number().int(),
});
export type SeenBy = z.output<typeof seenBy>;

export const whoSaw = call({
  name: 'review.who-saw',
  about: 'Who could see an object or an entry at a moment, and who consulted it by then.',
  method: 'GET',
  path: '/operations/:operationId/replay/seen-by',
  needs: 'record.review',
  body: z.object({
    ...inOperation,
    ...underReading,
    /** The moment. */
    seq: z.coerce.number().int().nonnegative(),
    /** Either an entry or an object. */
    entry: z.coerce.number().int().nonnegative().optional(),
    objectId: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .optional(),
  }),
  reply: z.object({
    asOf: cursor,
    moment,
    item: z.object({
      kind: z.string(),
      id: z.string(),
      /** Name of the compartment; null when it stands in none. */
      compartment: z.string().nullable(),
      /** Where it begins. */
      seq: z.number().int(),
    }),
    /** Members of that moment and whoever consulted it before, by desk. */
    people: z.array(seenBy),
    desks: z.array(
      z.object({ desk: z.string(), country: z.string(), could: z.boolean(), consulted: z.boolean() }),
    ),
  }),
});

/** What somebody may see or not: the room's talk and register by compartment, each board, and what was taken of it all. */
const thing = z.object({
  kind: z.enum(['room', 'board', 'exports', 'record']),
  /** Of a board its id, of a room the one of its compartment, else the operation's. */
  id: z.string(),
  title: z.string(),
  /** Name of the compartment; null for what is not given by compartments. */
  compartment: z.string().nullable(),
});
export type Thing = z.output<typeof thing>;

export const readAccess = call({
  name: 'review.access',
  about: 'Everybody and everything at a moment: who could see what, and how often they had consulted it.',
  method: 'GET',
  path: '/operations/:operationId/replay/access',
  needs: 'record.review',
  body: z.object({
    ...inOperation,
    ...underReading,
    /** The moment. */
    seq: z.coerce.number().int().nonnegative(),
  }),
  reply: z.object({
    asOf: cursor,
    moment,
    things: z.array(thing),
    /** Members of that moment, and whoever consulted anything before it, by desk. */
    people: z.array(
      z.object({
        person,
        /** null for somebody who was no member then. */
        role: z.string().nullable(),
        compartments: z.array(z.string()),
        /** In the order of `things`. */
        seen: z.array(
          z.object({
            /** null where it is the role that decides, and not a compartment. */
            could: z.enum(['compartment', 'own', 'no']).nullable(),
            times: z.number().int(),
            last: consulted.nullable(),
          }),
        ),
      }),
    ),
  }),
});
