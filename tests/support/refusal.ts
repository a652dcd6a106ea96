import { type RefusalCode, refusals } from '#shared/kernel/refusals.ts';

import type { Answered } from './officer.ts';

type Details = { readonly where?: string; readonly what?: string; readonly retryAfter?: number };

/** The whole answer that a refused call gives over HTTP. */
export function refusal(code: RefusalCode, details: Details = {}): { status: number; body: object } {
  const { status, sentence } = refusals[code];
  return { status, body: { error: { code, sentence, ...details } } };
}

/** Status and body of an answer, for comparison with `refusal`. */
export function told({ status, body }: Answered): { status: number; body: unknown } {
  return { status, body };
}

/** The code of a refusal; `null` when the call was not refused. */
export function codeOf({ body }: Answered): string | null {
  const error: unknown = Reflect.get(Object(body), 'error');
  const code: unknown = Reflect.get(Object(error), 'code');
  return typeof code === 'string' ? code : null;
}
