import { z } from 'zod';

import { command, compartmentId, cursor, inOperation, officerId } from './common.ts';
import { call } from './contract.ts';
import { eventKinds } from './event-kinds.ts';
import { entryOnWire } from './rooms.ts';

const kinds = Object.keys(eventKinds) as [keyof typeof eventKinds, ...(keyof typeof eventKinds)[]];

/** The strands of the one timeline. Every kind of entry belongs to one; `denials` are the refused ones of all of them. */
export const timelineGroups = [
  'boards',
  'chat',
  'indicators',
  'people',
  'operation',
  'access',
  'exports',
  'findings',
  'denials',
] as const;
export type TimelineGroup = (typeof timelineGroups)[number];

/** All given must hold. Times are UTC: from ≤ time < until. */
export const timelineFilter = {
  country: z
    .string()
    .regex(/^[A-Z]{2,3}$/)
    .optional(),
  officerId: officerId.optional(),
  kind: z.enum(kinds).optional(),
  group: z.enum(timelineGroups).optional(),
  objectId: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  outcome: z.enum(['ok', 'refused']).optional(),
  compartment: compartmentId.optional(),
  from: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
};

const page = {
  /** `next` of the page before. */
  before: z.coerce.number().int().nonnegative().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
};

/** One line of the timeline: an entry, or all changes of one board by one officer within one minute. */
export const timelineRow = z.object({
  /** The newest entry of the line; it stands where that one stands. */
  entry: entryOnWire,
  group: z.enum(timelineGroups),
  /** Entries in the line; above 1 for folded board changes only. */
  count: z.number().int().positive(),
  firstSeq: z.number().int(),
  firstAt: z.string(),
  /** What board changes did, in words without their subject; at most five different ones. Empty for other entries. */
  sentences: z.array(z.string()),
});
export type TimelineRow = z.output<typeof timelineRow>;

/** Entries per hour and country; '' stands for the hub. */
export const density = z.array(z.object({ hour: z.string(), country: z.string(), count: z.number().int() }));

export const readTimeline = call({
  name: 'review.timeline',
  about: 'Boards, chat, indicators, people, access, exports and denials as one list, newest first.',
  method: 'GET',
  path: '/operations/:operationId/timeline',
  needs: 'record.review',
  body: z.object({ ...inOperation, ...timelineFilter, ...page }),
  reply: z.object({
    asOf: cursor,
    rows: z.array(timelineRow),
    /** Entries (not lines) under the filter that the reader may see. */
    total: z.number().int(),
    /** `before` of the next page; null at the end. */
    next: z.number().int().nullable(),
    /** Entries per hour and country ('' for none) under the same filter. */
    density,
  }),
});

const found = z.object({
  asOf: cursor,
  /** The entry by which this search is on the record. `review.found` names it. */
  reading: z.number().int(),
  rows: z.array(
    z.object({
      entry: entryOnWire,
      group: z.enum(timelineGroups),
      /** What was found in it, at most three pieces of text, each whole or cut to 400 characters. */
      texts: z.array(z.string()),
    }),
  ),
  /** Entries found that the reader may see. Counted up to 10,000: then `totalIs` says `at least`. */
  total: z.number().int(),
  totalIs: z.enum(['exact', 'at least']),
  next: z.number().int().nullable(),
});

/**
 * Words are found from their beginning, words joined by punctuation in that order, `"…"` as they stand, and text
 * of scripts without spaces (Thai, Lao, Khmer, Burmese, Chinese, Japanese) anywhere. All must be in one piece of text. An indicator is found in any
 * writing, defanged or not.
 */
const sought = z.string().trim().min(1).max(200);

export const searchRecord = call({
  name: 'review.search',
  about: 'Searches all words of the record. The search is itself an entry.',
  method: 'POST',
  path: '/operations/:operationId/search',
  needs: 'record.review',
  body: z.object({
    ...inOperation,
    ...command,
    ...timelineFilter,
    text: sought,
    purpose: z.string().max(300).default(''),
    limit: z.number().int().min(1).max(200).default(50),
  }),
  reply: found,
  records: ['record.consulted'],
});

export const readFound = call({
  name: 'review.found',
  about: 'Further pages of a search of mine, with the same words and filters.',
  method: 'GET',
  path: '/operations/:operationId/search/:reading',
  needs: 'record.review',
  body: z.object({
    ...inOperation,
    ...timelineFilter,
    reading: z.coerce.number().int().nonnegative(),
    text: sought,
    before: z.coerce.number().int().nonnegative(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: found,
});
