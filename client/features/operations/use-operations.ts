import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '#client/platform/api.ts';
import { useEntries, useRoom } from '#client/platform/live-context.tsx';
import { operationKey } from '#client/platform/query-client.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import {
  addMember,
  createOperation,
  findOfficers,
  listMembers,
  listOperations,
  openOperation,
  removeMember,
} from '#shared/contracts/operations.ts';
import type { EntryOnWire } from '#shared/contracts/rooms.ts';
import type { OfficerId, OperationId } from '#shared/kernel/ids.ts';
import type { Role } from '#shared/policy/can.ts';
import type { OperationState } from '#shared/policy/lifecycle.ts';

export type Shelf = 'daily' | 'archive';

export function useOperations(shelf: Shelf = 'daily') {
  return useQuery({
    queryKey: ['operations', shelf],
    queryFn: ({ signal }) => api(listOperations, { shelf }, { signal }),
    staleTime: 0,
  });
}

export function useCreateOperation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { name: string; purpose: string; state: 'planned' | 'live' }) =>
      api(createOperation, input),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['operations'] }),
  });
}

export function useOpenOperation(operationId: OperationId) {
  return useQuery({
    queryKey: operationKey(operationId, 'open'),
    queryFn: ({ signal }) => api(openOperation, { operationId }, { signal }),
  });
}

export function useMembers(operationId: OperationId, may: boolean) {
  return useQuery({
    queryKey: operationKey(operationId, 'members'),
    queryFn: ({ signal }) => api(listMembers, { operationId }, { signal }),
    enabled: may,
  });
}

export function useCandidates(operationId: OperationId, text: string) {
  return useQuery({
    queryKey: operationKey(operationId, 'candidates', text),
    queryFn: ({ signal }) => api(findOfficers, { operationId, text }, { signal }),
    staleTime: 0,
    placeholderData: (before) => before,
  });
}

export function useAddMember(operationId: OperationId) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { officerId: OfficerId; role: Role }) => api(addMember, { operationId, ...input }),
    onSuccess: () => queries.invalidateQueries({ queryKey: operationKey(operationId, 'members') }),
  });
}

export function useRemoveMember(operationId: OperationId) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { officerId: OfficerId; reason: string }) =>
      api(removeMember, { operationId, ...input }),
    onSuccess: () => queries.invalidateQueries({ queryKey: operationKey(operationId, 'members') }),
  });
}

/** Entries that tell of the course of the operation. */
const lifecycleKinds = /^(operation|hold|retention|purge)\./;

const stateAfter: Readonly<Record<string, OperationState>> = {
  'operation.started': 'live',
  'operation.closed': 'closed',
  'operation.review-begun': 'review',
};

/** The entry is the news: the room is read-only before the operation has been read again. [LC-8] */
function showState(queries: QueryClient, operationId: OperationId, kind: string): void {
  const state = stateAfter[kind];
  if (state === undefined) return;
  queries.setQueryData<ReplyOf<typeof openOperation>>(
    operationKey(operationId, 'open'),
    (opened) => opened && { ...opened, operation: { ...opened.operation, state } },
  );
}

/** Keeps the operation, its members and their rights as the record has them. A new epoch means: read everything again. */
export function useOperationLive(operationId: OperationId): void {
  const queries = useQueryClient();
  const room = useRoom();
  useEntries((entries: readonly EntryOnWire[]) => {
    const kinds = new Set(entries.map((entry) => entry.kind));
    const stale = (part: string) => queries.invalidateQueries({ queryKey: operationKey(operationId, part) });
    if (kinds.has('member.added') || kinds.has('member.removed')) {
      stale('members');
      stale('open');
    }
    for (const { kind } of entries) showState(queries, operationId, kind);
    if ([...kinds].some((kind) => lifecycleKinds.test(kind))) {
      stale('open');
      stale('lifecycle');
    }
  });
  useEffect(
    () => room.onEpoch(() => queries.invalidateQueries({ queryKey: operationKey(operationId) })),
    [room, queries, operationId],
  );
}
