import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '#client/platform/api.ts';
import { useEntries } from '#client/platform/live-context.tsx';
import { operationKey } from '#client/platform/query-client.ts';
import { createBoard, listBoards } from '#shared/contracts/boards.ts';
import type { CompartmentId, OperationId } from '#shared/kernel/ids.ts';

export function useBoards(operationId: OperationId) {
  return useQuery({
    queryKey: operationKey(operationId, 'boards'),
    queryFn: ({ signal }) => api(listBoards, { operationId }, { signal }),
  });
}

export function useCreateBoard(operationId: OperationId) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { title: string; compartment: CompartmentId }) =>
      api(createBoard, { operationId, ...input }),
    onSuccess: () => queries.invalidateQueries({ queryKey: operationKey(operationId, 'boards') }),
  });
}

export function useBoardsLive(operationId: OperationId): void {
  const queries = useQueryClient();
  useEntries((entries) => {
    if (entries.some((entry) => entry.kind === 'board.created')) {
      queries.invalidateQueries({ queryKey: operationKey(operationId, 'boards') });
    }
  });
}
