import type { z } from 'zod';

import type { Verb } from '../policy/verbs.ts';
import type { EventKind } from './event-kinds.ts';

/**
 * Who may make a call. A `Verb` is asked of the gate about the operation that the input names; `signed-in` and
 * `host-administrator` need no operation; `nobody` is open to the world and rate-limited. `witness` is the credential of a
 * desk's witness, in the header Authorization, for the one operation it belongs to.
 */
export type Needs = Verb | 'signed-in' | 'host-administrator' | 'nobody' | 'witness';

/**
 * One call, whole: the only place its wire shape and its rights are written. The binder does everything else, over
 * HTTP (`/api/v1` + path) and over Socket.IO (event `call`, by name).
 */
export type Call<
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
  N extends Needs = Needs,
> = {
  readonly kind: 'call' | 'public' | 'stream' | 'witness';
  /** `feature.verb`, unique; also the operationId in OpenAPI. */
  readonly name: string;
  readonly about: string;
  readonly method: 'GET' | 'POST';
  /** Express form: `/operations/:operationId/messages`. Parameters are members of `body`. */
  readonly path: string;
  readonly needs: N;
  /** Path parameters, query (GET) or JSON body (POST), as one object. */
  readonly body: Body;
  readonly reply: Reply;
  /** What it writes on the record. A POST that writes carries a `commandId`; a repeat gets the first reply. */
  readonly records: readonly EventKind[];
  /** Largest request in bytes; 64 KiB unless said. */
  readonly maxBytes: number;
  /** The reply carries a secret: it is not kept, and a repeat of the command is refused. */
  readonly secretReply: boolean;
};

type Given<B extends z.ZodType, R extends z.ZodType, N extends Needs> = Omit<
  Call<B, R, N>,
  'kind' | 'maxBytes' | 'records' | 'secretReply'
> &
  Partial<Pick<Call, 'maxBytes' | 'records' | 'secretReply'>>;

const usual = { records: [], maxBytes: 65_536, secretReply: false } as const;

/** A call of a signed-in officer. */
export function call<B extends z.ZodType, R extends z.ZodType, const N extends Needs>(
  given: Given<B, R, N>,
): Call<B, R, N> {
  return { ...usual, ...given, kind: 'call' };
}

/** A call for which nobody is signed in yet. Rate-limited by address. */
export function publicCall<B extends z.ZodType, R extends z.ZodType>(
  given: Omit<Given<B, R, 'nobody'>, 'needs'>,
): Call<B, R, 'nobody'> {
  return { ...usual, ...given, needs: 'nobody', kind: 'public' };
}

/** A call of a witness: a program with a credential of its own, over HTTP only. */
export function witnessCall<B extends z.ZodType, R extends z.ZodType>(
  given: Omit<Given<B, R, 'witness'>, 'needs'>,
): Call<B, R, 'witness'> {
  return { ...usual, ...given, needs: 'witness', kind: 'witness' };
}

/** A download. Its entry is committed before the first byte leaves. */
export function stream<B extends z.ZodType, R extends z.ZodType, const N extends Needs>(
  given: Given<B, R, N>,
): Call<B, R, N> {
  return { ...usual, ...given, kind: 'stream' };
}

export type BodyOf<C> = C extends Call<infer B, z.ZodType> ? z.output<B> : never;
export type InputOf<C> = C extends Call<infer B, z.ZodType> ? z.input<B> : never;
export type ReplyOf<C> = C extends Call<z.ZodType, infer R> ? z.output<R> : never;
