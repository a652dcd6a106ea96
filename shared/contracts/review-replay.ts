import { z } from 'zod';

import { boardChange } from './boards.ts';
import { message } from './chat.ts';
import {
  anyJson,
  boardId,
  compartmentId,
  cursor,
  indicatorId,
  inOperation,
  messageId,
  officerId,
  person,
} from './common.ts';
import { call } from './contract.ts';
import { indicator } from './indicators.ts';
import { timelineGroups } from './review-timeline.ts';
import { entryOnWire } from './rooms.ts';

/** The entry of `review.open` under which this is read: one's own, of the last 24 hours. */
export const underReading = { reading: z.coerce.number().int().nonnegative() };

/** A place of the record: the state after this entry and all before it; -1 is before the first. */
export const moment = z.object({ seq: z.number().int().min(-1), at: z.string().nullable() });

const place = z.coerce.number().int().min(-1);

/** A message as it then read. People are told by id; `people` of the reply has their names. */
export const messageThen = message.omit({ author: true }).extend({ author: officerId });
export type MessageThen = z.output<typeof messageThen>;

/** An indicator as it then stood. `source` and what else an old import did not put on the record is empty. */
export const indicatorThen = indicator.omit({ addedBy: true }).extend({ addedBy: officerId });
export type IndicatorThen = z.output<typeof indicatorThen>;

export const memberThen = z.object({
  officer: officerId,
  role: z.string(),
  /** Names of compartments. */
  compartments: z.array(z.string()),
  addedAt: z.string(),
  seq: z.number().int(),
});
export type MemberThen = z.output<typeof memberThen>;

export const boardThen = z.object({
  id: boardId,
  title: z.string(),
  compartment: compartmentId,
  createdBy: officerId.nullable(),
  createdAt: z.string(),
  /** Its newest change by then: what `boards.at` shows for that place. -1 for none. */
  changedSeq: z.number().int(),
});
export type BoardThen = z.output<typeof boardThen>;

export const operationThen = z.object({
  id: z.string(),
  name: z.string(),
  purpose: z.string(),
  state: z.string(),
  createdAt: z.string(),
  closedAt: z.string().nullable(),
  compartments: z.array(z.object({ id: compartmentId, name: z.string() })),
});
export type OperationThen = z.output<typeof operationThen>;

/** When somebody last came into the room by then. The record says who came, and not who left. */
export const visit = z.object({ officer: officerId, at: z.string(), seq: z.number().int() });
export type Visit = z.output<typeof visit>;

/** The room as it stood. What the reader may not see is not in it, nor counted. */
export const roomThen = z.object({
  operation: operationThen.nullable(),
  members: z.array(memberThen),
  visits: z.array(visit),
  boards: z.array(boardThen),
  /** In the order of posting; `total` counts all by then, `before` gives the page before, null at the beginning. */
  chat: z.object({
    messages: z.array(messageThen),
    total: z.number().int(),
    before: z.number().int().nullable(),
  }),
  /** Newest first, withdrawn ones with their state; `total` counts those active. Pages end with whole entries and may be longer than asked. */
  register: z.object({
    indicators: z.array(indicatorThen),
    total: z.number().int(),
    before: z.number().int().nullable(),
  }),
});
export type RoomThen = z.output<typeof roomThen>;

const momentGiven = {
  /** Either the place or the time; neither means now. */
  seq: place.optional(),
  time: z.iso.datetime().optional(),
};

export const readRoomAt = call({
  name: 'review.state',
  about: 'The whole room exactly as it stood after an entry, or at a time.',
  method: 'GET',
  path: '/operations/:operationId/replay/state',
  needs: 'record.review',
  body: z.object({
    ...inOperation,
    ...underReading,
    ...momentGiven,
    messages: z.coerce.number().int().min(0).max(1000).default(100),
    messagesBefore: z.coerce.number().int().nonnegative().optional(),
    indicators: z.coerce.number().int().min(0).max(20_000).default(100),
    indicatorsBefore: z.coerce.number().int().nonnegative().optional(),
  }),
  reply: z.object({ asOf: cursor, moment, room: roomThen, people: z.array(person) }),
});

/** An entry whole: what shared/review replays. `bytes` is the content of a board change, base64. */
export const replayStep = entryOnWire
  .omit({ by: true, leafHash: true, size: true, verb: true, byKind: true })
  .extend({
    by: officerId.nullable(),
    bytes: z.string().nullable(),
  });
export type ReplayStep = z.output<typeof replayStep>;

export const readSteps = call({
  name: 'review.steps',
  about:
    'The entries of a stretch of the record in order, whole, to step and play from: fetch ahead in pages.',
  method: 'GET',
  path: '/operations/:operationId/replay/steps',
  needs: 'record.review',
  body: z.object({
    ...inOperation,
    ...underReading,
    /** The first entry that may be in the reply. */
    from: z.coerce.number().int().nonnegative(),
    /** Ends before this one; the end of the record if not given. */
    to: z.coerce.number().int().nonnegative().optional(),
    /** Only what is about this object: all changes of one board, for one. */
    objectId: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .optional(),
    /** A page also ends at about 1 MB of content. */
    limit: z.coerce.number().int().min(1).max(1000).default(500),
  }),
  reply: z.object({
    asOf: cursor,
    from: cursor,
    /** Everything the reader may see in from ≤ seq < to is here; go on with `from = to` until it is the wanted end. */
    to: cursor,
    steps: z.array(replayStep),
    people: z.array(person),
  }),
});

export const readStrip = call({
  name: 'review.strip',
  about: 'What lies where in the record: entries by strand in slices of equal length, to choose moments by.',
  method: 'GET',
  path: '/operations/:operationId/replay/strip',
  needs: 'record.review',
  body: z.object({
    ...inOperation,
    ...underReading,
    slices: z.coerce.number().int().min(1).max(400).default(120),
  }),
  reply: z.object({
    asOf: cursor,
    /** Places in each slice but the last, which ends with the record. */
    step: z.number().int().positive(),
    /** Where each slice begins, and when its first entry was made; the last one is the end of the record. */
    marks: z.array(z.object({ seq: z.number().int(), at: z.string() })),
    counts: z.array(
      z.object({ slice: z.number().int(), strand: z.enum(timelineGroups), count: z.number().int() }),
    ),
  }),
});

/** The newest entry between the moments that had a part in a difference. */
const lastAct = z.object({ seq: z.number().int(), at: z.string(), by: officerId.nullable() });
export type LastAct = z.output<typeof lastAct>;

const momentChange = <T extends z.ZodType>(of: T) => ({ total: z.number().int(), rows: z.array(of) });

export const compareMoments = call({
  name: 'review.compare',
  about:
    'What changed between two moments in people, chat, register and boards. Lists end at 200; totals do not.',
  method: 'GET',
  path: '/operations/:operationId/replay/comparison',
  needs: 'record.review',
  body: z.object({ ...inOperation, ...underReading, from: place, to: place }),
  reply: z.object({
    asOf: cursor,
    from: moment,
    to: moment,
    operation: z.array(
      z.object({ field: z.string(), before: anyJson, after: anyJson, last: lastAct.nullable() }),
    ),
    members: z.array(
      z.object({
        officer: officerId,
        change: z.enum(['joined', 'left', 'changed']),
        before: memberThen.nullable(),
        after: memberThen.nullable(),
        last: lastAct.nullable(),
      }),
    ),
    messages: z.object(
      momentChange(
        z.object({
          id: messageId,
          change: z.enum(['posted', 'edited', 'withdrawn']),
          before: messageThen.nullable(),
          after: messageThen,
          last: lastAct.nullable(),
        }),
      ),
    ),
    indicators: z.object(
      momentChange(
        z.object({
          id: indicatorId,
          change: z.enum(['added', 'changed', 'withdrawn']),
          before: indicatorThen.nullable(),
          after: indicatorThen,
          last: lastAct.nullable(),
        }),
      ),
    ),
    boards: z.array(
      z.object({
        id: boardId,
        title: z.string(),
        change: z.enum(['created', 'changed']),
        /** Changes of it that are entries between the moments. */
        acts: z.number().int(),
        /** The difference of content as one change, as `boards.history` tells one. */
        sentences: z.array(z.string()),
        changes: z.array(boardChange.extend({ last: lastAct.nullable() })),
        /** Differences beyond the 200 that are told. */
        more: z.number().int(),
        last: lastAct.nullable(),
        /** The records of these changes whole; null where there was none. */
        records: z.array(z.object({ id: z.string(), before: anyJson, after: anyJson })),
        /** Where cards and frames lie that did not change, at most 500: of a frame its title, of a card no height. */
        still: z.array(
          z.object({
            id: z.string(),
            frame: z.string().nullable(),
            x: z.number(),
            y: z.number(),
            w: z.number(),
            h: z.number().nullable(),
          }),
        ),
      }),
    ),
    people: z.array(person),
  }),
});
