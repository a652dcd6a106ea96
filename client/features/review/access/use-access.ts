import { useQuery } from '@tanstack/react-query';
import { api } from '#client/platform/api.ts';
import { operationKey } from '#client/platform/query-client.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import { readAccess, whoSaw } from '#shared/contracts/review-access.ts';
import type { OperationId } from '#shared/kernel/ids.ts';

export type Access = ReplyOf<typeof readAccess>;
export type AccessRow = Access['people'][number];
export type Seen = AccessRow['seen'][number];
export type ItemSeen = ReplyOf<typeof whoSaw>;

/** What is asked about: everything, an entry, or an object from its beginning on. */
export type About = { readonly entry: number } | { readonly objectId: string } | null;

type At = { readonly reading: number; readonly seq: number };

/** Everybody and everything; the answer before stays until the next one is here. */
export function useAccess(operationId: OperationId, { reading, seq }: At) {
  return useQuery({
    queryKey: operationKey(operationId, 'access', reading, seq),
    queryFn: ({ signal }) => api(readAccess, { operationId, reading, seq }, { signal }),
    placeholderData: (before) => before,
    gcTime: 60_000,
  });
}

export function useItemSeen(operationId: OperationId, { reading, seq }: At, about: NonNullable<About>) {
  return useQuery({
    queryKey: operationKey(operationId, 'who-saw', reading, seq, about),
    queryFn: ({ signal }) => api(whoSaw, { operationId, reading, seq, ...about }, { signal }),
    gcTime: 60_000,
  });
}
