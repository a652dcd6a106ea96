import { isRefusalCode, type RefusalCode, refusals } from '#shared/kernel/refusals.ts';

/**
 * Why a call has no reply. `refused`: the hub said no, in the catalogue's words. `offline`: it could not be reached.
 * `unreadable`: it answered in a shape this page does not know, as after a deploy.
 */
export class Failure extends Error {
  readonly kind: 'refused' | 'offline' | 'unreadable';
  readonly code: RefusalCode | null;
  /** Which part of the input is wrong, as a path. */
  readonly where: string | null;
  readonly what: string | null;
  readonly retryAfter: number | null;
  /** Under which the hub's log has it. */
  readonly id: string | null;

  constructor(kind: Failure['kind'], sentence: string, details: FailureDetails = {}) {
    super(sentence);
    this.name = 'Failure';
    this.kind = kind;
    this.code = details.code ?? null;
    this.where = details.where ?? null;
    this.what = details.what ?? null;
    this.retryAfter = details.retryAfter ?? null;
    this.id = details.id ?? null;
  }
}

type FailureDetails = {
  code?: RefusalCode | null;
  where?: string | undefined;
  what?: string | undefined;
  retryAfter?: number | undefined;
  id?: string | undefined;
};

export function offline(): Failure {
  return new Failure('offline', 'The hub cannot be reached. Nothing was sent.');
}

/** A download that ended before its end. */
export function brokenOff(): Failure {
  return new Failure('offline', 'The file broke off before its end, and nothing was saved. Try again.');
}

export function unreadable(): Failure {
  return new Failure(
    'unreadable',
    'The hub speaks a newer version. Reload the page once your work is saved.',
  );
}

/** From the body of a refusal; `internal` when it names a code this page does not know. */
export function refusedBy(given: {
  code: string;
  sentence?: string | undefined;
  where?: string | undefined;
  what?: string | undefined;
  retryAfter?: number | undefined;
  id?: string | undefined;
}): Failure {
  const code = isRefusalCode(given.code) ? given.code : 'internal';
  return new Failure('refused', given.sentence ?? refusals[code].sentence, { ...given, code });
}

export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure('refused', refusals.internal.sentence, { code: 'internal' });
}

const overCodes: ReadonlySet<string | null> = new Set(['session.missing', 'session.ended']);

/** Whether the reader has to sign in again. */
export function endsSession(error: unknown): boolean {
  return error instanceof Failure && overCodes.has(error.code);
}
