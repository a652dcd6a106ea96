import { z } from 'zod';

import { asId, isId, type OfficerId } from '#shared/kernel/ids.ts';

/** A commit of another node: its newest entry is `last`, and `before` was the newest entry of the board below it. */
export type News = {
  readonly before: number;
  readonly last: number;
  readonly epoch: number;
  /** `null` when too large to be carried: then it is read from the record. */
  readonly updates: readonly Uint8Array[] | null;
};

/** What one node shows of one of its sockets. `state` is JSON, `null` inside it means gone. */
export type Shown = {
  readonly client: number;
  readonly clock: number;
  readonly state: string;
  readonly officer: OfficerId;
};

/** What nodes tell each other about one board. Every word is a hint: losing it costs a read, or seconds. [BD-6] [BD-26] */
export type BoardWord =
  | ({ readonly kind: 'committed'; readonly node: string } & News)
  /** `again`: repeated because somebody asked, so that it takes nothing over from anybody. */
  | {
      readonly kind: 'shown';
      readonly node: string;
      readonly again: boolean;
      readonly states: readonly Shown[];
    }
  /** Everybody on this node, by client id and clock; renews the lease. */
  | { readonly kind: 'here'; readonly node: string; readonly clients: readonly (readonly [number, number])[] }
  | { readonly kind: 'ask'; readonly node: string };

const count = z.number().int().nonnegative();
const node = z.string().max(64);
const officer = z
  .string()
  .refine(isId)
  .transform((text) => asId<OfficerId>(text));

const wire = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('committed'),
    node,
    before: z.number().int().min(-1),
    last: count,
    epoch: count,
    updates: z.array(z.string().transform((text) => Buffer.from(text, 'base64'))).nullable(),
  }),
  z.object({
    kind: z.literal('shown'),
    node,
    again: z.boolean(),
    states: z.array(z.object({ client: count, clock: count, state: z.string(), officer })),
  }),
  z.object({ kind: z.literal('here'), node, clients: z.array(z.tuple([count, count])) }),
  z.object({ kind: z.literal('ask'), node }),
]);

/** `null` for anything else: another version may speak on the same bus. */
export function readWord(message: unknown): BoardWord | null {
  const read = wire.safeParse(message);
  return read.success ? read.data : null;
}
