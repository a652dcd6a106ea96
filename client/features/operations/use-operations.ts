import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '#client/platform/api.ts';
import { useEntries, useRoom } from '#client/platform/live-context.tsx';
import { operationKey } from '#client/platform/query-client.ts';
import {
  addMember,
  closeOperation,
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

export function useOperations() {
  return useQuery({
    queryKey: ['operations'],
    queryFn: ({ signal }) => api(listOperations, {}, { signal }),
    staleTime: 0,
  });
}

export function useCreateOperation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { name: string; purpose: string }) => api(createOperation, input),
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

export function useCloseOperation(operationId: OperationId) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) => api(closeOperation, { operationId, reason }),
    onSuccess: () => queries.invalidateQueries({ queryKey: operationKey(operationId, 'open') }),
  });
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
    if (kinds.has('operation.closed')) stale('open');
  });
  useEffect(
    () => room.onEpoch(() => queries.invalidateQueries({ queryKey: operationKey(operationId) })),
    [room, queries, operationId],
  );
}
