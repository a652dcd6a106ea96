import type { Verdict } from '#shared/contracts/indicators.ts';
import { decodeText } from '#shared/interchange/csv/decode-text.ts';
import { readCsv } from '#shared/interchange/csv/read-csv.ts';
import { defang, type Selector } from '#shared/interchange/selector.ts';
import { readBundleText } from '#shared/interchange/stix/read-bundle.ts';
import { scanText } from '#shared/interchange/text/scan-text.ts';
import { noteSentences } from '#shared/interchange/verdict.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { isStorable, storable } from '#shared/kernel/storable-text.ts';
import type { Handling, Pap, Tlp } from '#shared/policy/markings.ts';
import { strictest } from '#shared/policy/markings.ts';

/** One row, object or find of a file, before anybody decided about it. Plain data: it crosses threads and is stored. */
export type Candidate = {
  readonly at: string;
  readonly raw: string;
  readonly selector: Selector | null;
  readonly ticked: boolean;
  /** The stricter of what the source says and what the officer chose for the import. */
  readonly tlp: Tlp;
  readonly pap: Pap;
  readonly confidence: number | null;
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  readonly actionable: boolean;
  readonly note: string;
  readonly code: string | null;
  readonly message: string | null;
  readonly hint: string | null;
};

export type ReadRequest = {
  readonly format: 'stix' | 'csv' | 'text';
  readonly bytes: Uint8Array;
  readonly handling: Handling;
  readonly defaultCountry: string | null;
};

export type ReadResult = {
  readonly encoding: string;
  readonly candidates: readonly Candidate[];
  readonly kept: number;
};

/** Reads a whole file; pure, and run on a worker with a deadline. */
export function readCandidates(request: ReadRequest): ReadResult {
  const result = readFormat(request);
  return { ...result, candidates: result.candidates.map(soundCandidate) };
}

function readFormat(request: ReadRequest): ReadResult {
  const { text, encoding } = decodeText(request.bytes);
  switch (request.format) {
    case 'stix':
      return { encoding, ...fromStix(text, request) };
    case 'csv':
      return { encoding, kept: 0, candidates: fromCsv(text, request) };
    case 'text':
      return { encoding, kept: 0, candidates: fromText(text, request) };
  }
}

/** What a hostile file can smuggle and no store can hold: replaced in words, refused in a value. [IN-55] */
function soundCandidate(candidate: Candidate): Candidate {
  const { selector } = candidate;
  const words = {
    ...candidate,
    at: storable(candidate.at),
    raw: storable(candidate.raw),
    note: storable(candidate.note),
    message: candidate.message === null ? null : storable(candidate.message),
  };
  if (selector === null) return words;
  const { meta = {}, ...parts } = selector;
  if ([...Object.values(parts), ...Object.values(meta)].every(isStorable)) return words;
  const message = 'The value holds a NUL or half a character.';
  return { ...words, selector: null, ticked: false, code: 'invalid', message };
}

const options = ({ defaultCountry }: ReadRequest) => (defaultCountry === null ? {} : { defaultCountry });

function blank({ handling }: ReadRequest): Omit<Candidate, 'at' | 'raw' | 'selector' | 'ticked'> {
  return {
    tlp: handling.tlp,
    pap: handling.pap,
    confidence: null,
    validFrom: null,
    validUntil: null,
    actionable: true,
    note: '',
    code: null,
    message: null,
    hint: null,
  };
}

function fromStix(text: string, request: ReadRequest): { candidates: Candidate[]; kept: number } {
  const { rows, problems, kept } = readBundleText(text, options(request));
  const found = rows.flatMap((row): Candidate[] =>
    row.selectors.map((selector, index) => ({
      ...blank(request),
      at: row.selectors.length === 1 ? row.path : `${row.path}#${index + 1}`,
      raw: selector.value.slice(0, 200),
      selector,
      ticked: !row.revoked,
      tlp:
        row.markings.tlp === null
          ? request.handling.tlp
          : strictest([row.markings.tlp, request.handling.tlp]),
      pap: row.markings.pap ?? request.handling.pap,
      confidence: row.confidence,
      validFrom: row.validFrom === null ? null : isoTime(row.validFrom),
      validUntil: row.validUntil === null ? null : isoTime(row.validUntil),
      actionable: row.actionable,
      note: [row.name, row.description]
        .filter((part) => part !== '')
        .join(': ')
        .slice(0, 2000),
    })),
  );
  const patternOnly = rows
    .filter((row) => row.selectors.length === 0)
    .map(
      (row): Candidate => ({
        ...blank(request),
        at: row.path,
        raw: (row.pattern ?? row.objectId).slice(0, 200),
        selector: null,
        ticked: false,
        code: 'pattern-only',
        message: 'The pattern says more than one value can; it is not taken into the register.',
      }),
    );
  const broken = problems.map(
    (problem): Candidate => ({
      ...blank(request),
      at: problem.path === '' ? 'file' : problem.path,
      raw: problem.objectId ?? '',
      selector: null,
      ticked: false,
      code: problem.code,
      message: problem.message,
      hint: problem.hint ?? null,
    }),
  );
  return { candidates: [...found, ...patternOnly, ...broken], kept };
}

function fromCsv(text: string, request: ReadRequest): Candidate[] {
  const { verdicts, indicators } = readCsv(text, {
    defaults: { tlp: request.handling.tlp, pap: request.handling.pap },
    ...options(request),
  });
  const strict = new Map(indicators.map((one) => [one.selector.key, one]));
  return verdicts.flatMap((row): Candidate[] => {
    if (row.result === 'skipped' || row.result === 'merged') return [];
    const place = { ...blank(request), at: String(row.row), raw: row.raw.slice(0, 200) };
    if (row.result === 'error') {
      return [
        {
          ...place,
          selector: null,
          ticked: false,
          code: row.code,
          message: row.message,
          hint: row.hint ?? null,
        },
      ];
    }
    const marked = strict.get(row.selector.key) ?? row;
    return [
      {
        ...place,
        selector: row.selector,
        ticked: true,
        tlp: strictest([marked.tlp, request.handling.tlp]),
        pap: marked.pap,
        confidence: row.confidence,
        validFrom: row.firstSeen === null ? null : isoTime(row.firstSeen),
        note: row.description.slice(0, 2000),
        message: row.notes.map((note) => noteSentences[note]).join(' ') || null,
      },
    ];
  });
}

function fromText(text: string, request: ReadRequest): Candidate[] {
  return scanText(text, options(request)).map((find) => ({
    ...blank(request),
    at: String(find.span.from),
    raw: find.raw.slice(0, 200),
    selector: find.selector,
    ticked: find.ticked,
    message: find.notes.map((note) => noteSentences[note]).join(' ') || null,
  }));
}

/** What the officer reads of a candidate; `known` when their desk has it already. */
export function presentVerdict(candidate: Candidate, known: boolean): Verdict {
  const { selector } = candidate;
  const verdict = selector === null ? 'refused' : known ? 'known' : candidate.ticked ? 'new' : 'offered';
  return {
    at: candidate.at,
    raw: candidate.raw,
    verdict,
    ticked: verdict === 'new',
    type: selector?.type ?? null,
    display: selector === null ? null : defang(selector),
    tlp: selector === null ? null : candidate.tlp,
    code: candidate.code,
    message: candidate.message,
    hint: candidate.hint,
  };
}
