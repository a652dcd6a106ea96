import { type RefusalCode, refusals } from './refusals.ts';

/** Expected: told to the person in the catalogue's words, with `details` that say what and where. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly details: RefusalDetails;
  constructor(code: RefusalCode, details: RefusalDetails = {}) {
    super(refusals[code].sentence);
    this.name = 'Refusal';
    this.code = code;
    this.details = details;
  }
}

export type RefusalDetails = {
  /** Which part of the input, as a path (`body.markings.tlp`). */
  readonly where?: string;
  /** What is wrong with it, in a sentence that may be shown. */
  readonly what?: string;
  /** Seconds after which a repeat may succeed. */
  readonly retryAfter?: number;
};

export function refuse(code: RefusalCode, details: RefusalDetails = {}): Refusal {
  return new Refusal(code, details);
}

/** A bug: logged with its context, shown to people as "internal" and an id. */
export class BrokenInvariant extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'BrokenInvariant';
  }
}

export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new BrokenInvariant(what);
}

/** The state is not known any more: the role that meets it stops, reloads and verifies; the others go on. */
export class Fatal extends Error {
  constructor(what: string, options?: { cause: unknown }) {
    super(what, options);
    this.name = 'Fatal';
  }
}

/** Ends an exhaustive switch. */
export function unreachable(value: never): never {
  throw new BrokenInvariant(`unreachable: ${JSON.stringify(value)}`);
}
