import { z } from 'zod';

import { tlpLabels } from '../policy/markings.ts';
import { command, cursor, inOperation } from './common.ts';
import { call, stream } from './contract.ts';
import { finding } from './review-findings.ts';
import { operationThen, underReading } from './review-replay.ts';
import { density } from './review-timeline.ts';

/** What one country did, as far as the reader may see. '' is the hub itself. */
export const countryFigures = z.object({
  country: z.string(),
  /** All entries of its officers that were not refused. */
  acts: z.number().int(),
  boardChanges: z.number().int(),
  messages: z.number().int(),
  /** Contributed, rows of imports included. */
  indicators: z.number().int(),
  withdrawn: z.number().int(),
  /** Were members at any time. */
  members: z.number().int(),
  consultations: z.number().int(),
  exports: z.number().int(),
  denials: z.number().int(),
  /** Replies in chat to messages of other countries, and the median time until them; null without any. */
  replies: z.number().int(),
  medianReplyMinutes: z.number().nullable(),
});
export type CountryFigures = z.output<typeof countryFigures>;

export const keyMoment = z.object({
  seq: z.number().int(),
  at: z.string(),
  kind: z.string(),
  country: z.string().nullable(),
  /** Who or what it is about, in a few words. */
  about: z.string(),
});
export type KeyMoment = z.output<typeof keyMoment>;

export const debrief = z.object({
  asOf: cursor,
  operation: operationThen,
  /** The strictest marking of anything the figures and moments draw on: on every page. */
  marking: z.enum(tlpLabels),
  from: z.string(),
  until: z.string(),
  countries: z.array(countryFigures),
  density,
  moments: z.array(keyMoment),
  findings: z.array(finding),
});
export type Debrief = z.output<typeof debrief>;

export const readReport = call({
  name: 'review.report',
  about: 'The debrief: figures per country, key moments, findings with their conclusions.',
  method: 'GET',
  path: '/operations/:operationId/report',
  needs: 'record.review',
  body: z.object({ ...inOperation, ...underReading }),
  reply: debrief,
});

export const downloadReport = stream({
  name: 'review.download-report',
  about: 'The debrief as a page to print, or its figures as CSV.',
  method: 'POST',
  path: '/operations/:operationId/report',
  needs: 'record.review',
  body: z.object({
    ...inOperation,
    ...command,
    format: z.enum(['html', 'csv']),
    purpose: z.string().max(300).default(''),
  }),
  reply: z.unknown(),
  records: ['record.exported'],
});
