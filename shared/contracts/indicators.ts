import { z } from 'zod';

import { tlpLabels } from '../policy/markings.ts';
import {
  command,
  compartmentId,
  cursor,
  handling,
  importId,
  indicatorId,
  inOperation,
  person,
} from './common.ts';
import { call, stream } from './contract.ts';

/** One contribution: a selector as one originator states it. Never merged with another originator's. */
export const indicator = z.object({
  id: indicatorId,
  seq: z.number().int(),
  /** A `SelectorType` of shared/interchange. */
  type: z.string(),
  /** Canonical. Never shown raw: the screen defangs it. */
  value: z.string(),
  /** Defanged and human. */
  display: z.string(),
  key: z.string(),
  raw: z.string(),
  note: z.string(),
  handling,
  compartment: compartmentId,
  /** Code of the desk that contributed it. */
  originator: z.string(),
  confidence: z.number().int().min(0).max(100).nullable(),
  validFrom: z.string().nullable(),
  validUntil: z.string().nullable(),
  actionable: z.boolean(),
  addedBy: person,
  addedAt: z.string(),
  source: z.string(),
  importId: importId.nullable(),
  state: z.enum(['active', 'withdrawn']),
});
export type Indicator = z.output<typeof indicator>;

export const listIndicators = call({
  name: 'indicators.list',
  about: 'The register as I may see it: searched, filtered, a page at a time.',
  method: 'GET',
  path: '/operations/:operationId/indicators',
  needs: 'indicator.read',
  body: z.object({
    ...inOperation,
    /** Matches value, display, note; defanged or not. */
    text: z.string().trim().max(200).default(''),
    type: z.string().max(40).optional(),
    tlp: z.enum(tlpLabels).optional(),
    originator: z.string().max(40).optional(),
    importId: importId.optional(),
    after: z.coerce.number().int().optional(),
    limit: z.coerce.number().int().min(1).max(500).default(200),
  }),
  reply: z.object({
    asOf: cursor,
    indicators: z.array(indicator),
    /** How many match in all. */
    total: z.number().int(),
    more: z.boolean(),
    types: z.array(z.object({ type: z.string(), count: z.number().int() })),
    originators: z.array(z.object({ originator: z.string(), count: z.number().int() })),
  }),
});

export const readIndicator = call({
  name: 'indicators.read',
  about: 'One indicator, with what other originators say of the same selector.',
  method: 'GET',
  path: '/operations/:operationId/indicators/:indicatorId',
  needs: 'indicator.read',
  body: z.object({ ...inOperation, indicatorId }),
  reply: z.object({ asOf: cursor, indicator, sameSelector: z.array(indicator) }),
});

export const addIndicator = call({
  name: 'indicators.add',
  about: 'Adds one indicator; the hub brings it into canonical form.',
  method: 'POST',
  path: '/operations/:operationId/indicators',
  needs: 'indicator.add',
  body: z.object({
    ...inOperation,
    ...command,
    /** `null`: find out. */
    type: z.string().max(40).nullable(),
    raw: z.string().trim().min(1).max(2000),
    note: z.string().max(2000).default(''),
    compartment: compartmentId,
    handling,
    confidence: z.number().int().min(0).max(100).nullable().default(null),
  }),
  reply: indicator,
  records: ['indicator.added'],
});

export const withdrawIndicator = call({
  name: 'indicators.withdraw',
  about: 'Takes back what my desk contributed; it stays on the record.',
  method: 'POST',
  path: '/operations/:operationId/indicators/:indicatorId/withdraw',
  needs: 'indicator.add',
  body: z.object({ ...inOperation, ...command, indicatorId, reason: z.string().trim().min(1).max(300) }),
  reply: indicator,
  records: ['indicator.withdrawn'],
});

export const importFormats = ['stix', 'csv', 'text'] as const;

/** What became, or would become, of one row, object or find. */
export const verdict = z.object({
  /** Row number of a CSV, path of a STIX object, or offset in a text. */
  at: z.string(),
  raw: z.string(),
  verdict: z.enum(['new', 'known', 'refused', 'offered']),
  /** Whether it is taken unless said otherwise. */
  ticked: z.boolean(),
  type: z.string().nullable(),
  display: z.string().nullable(),
  tlp: z.enum(tlpLabels).nullable(),
  code: z.string().nullable(),
  message: z.string().nullable(),
  hint: z.string().nullable(),
});
export type Verdict = z.output<typeof verdict>;

const counts = z.object({
  read: z.number().int(),
  new: z.number().int(),
  known: z.number().int(),
  offered: z.number().int(),
  refused: z.number().int(),
});

export const previewImport = call({
  name: 'indicators.preview-import',
  about: 'Reads a file or pasted text and says, row by row, what would become of it. Writes nothing.',
  method: 'POST',
  path: '/operations/:operationId/imports',
  needs: 'indicator.add',
  body: z.object({
    ...inOperation,
    format: z.enum(importFormats),
    fileName: z.string().trim().max(200).default(''),
    /** The file's bytes, base64. */
    content: z.string().max(90_000_000),
    compartment: compartmentId,
    handling,
    defaultCountry: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .nullable()
      .default(null),
  }),
  reply: z.object({
    importId,
    format: z.enum(importFormats),
    encoding: z.string(),
    sha256: z.string(),
    counts,
    verdicts: z.array(verdict),
    /** Verdicts beyond the first page are read with `indicators.import-verdicts`. */
    more: z.boolean(),
    expiresAt: z.string(),
  }),
  maxBytes: 90_000_000,
});

export const importVerdicts = call({
  name: 'indicators.import-verdicts',
  about: 'A page of the verdicts of a preview or of a finished import.',
  method: 'GET',
  path: '/operations/:operationId/imports/:importId/verdicts',
  needs: 'indicator.add',
  body: z.object({
    ...inOperation,
    importId,
    from: z.coerce.number().int().nonnegative().default(0),
    limit: z.coerce.number().int().min(1).max(1000).default(200),
  }),
  reply: z.object({ verdicts: z.array(verdict), more: z.boolean() }),
});

export const commitImport = call({
  name: 'indicators.commit-import',
  about: 'Writes a previewed import, in parts under one import id, then a summary entry.',
  method: 'POST',
  path: '/operations/:operationId/imports/:importId/commit',
  needs: 'indicator.add',
  body: z.object({
    ...inOperation,
    ...command,
    importId,
    /** Rows to take or leave against their tick, by `at`. */
    take: z.array(z.string()).max(100_000).default([]),
    leave: z.array(z.string()).max(100_000).default([]),
  }),
  reply: z.object({ importId, counts, written: z.number().int() }),
  records: ['indicators.import-part', 'indicators.imported'],
  maxBytes: 8_000_000,
});

export const exportIndicators = stream({
  name: 'indicators.export',
  about:
    'The register as STIX 2.1 or CSV, with markings. RED and AMBER+STRICT stay in unless the hub releases them.',
  method: 'POST',
  path: '/operations/:operationId/indicators/export',
  needs: 'indicator.export',
  body: z.object({
    ...inOperation,
    ...command,
    format: z.enum(['stix', 'csv']),
    defang: z.boolean().default(true),
  }),
  reply: z.unknown(),
  records: ['indicators.exported'],
});
