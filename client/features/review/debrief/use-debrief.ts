import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, download } from '#client/platform/api.ts';
import { useEntries } from '#client/platform/live-context.tsx';
import { operationKey } from '#client/platform/query-client.ts';
import { downloadReport, readReport } from '#shared/contracts/review-report.ts';
import type { OperationId } from '#shared/kernel/ids.ts';

/** The debrief of an opening. Findings of others are news and count at once; other entries wait until they are asked for. */
export function useDebrief(operationId: OperationId, reading: number) {
  const queries = useQueryClient();
  const queryKey = operationKey(operationId, 'debrief', reading);
  useEntries((entries) => {
    if (entries.some(({ kind }) => kind.startsWith('finding.'))) void queries.invalidateQueries({ queryKey });
  });
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => api(readReport, { operationId, reading }, { signal }),
  });
}

export type Format = 'html' | 'csv';

export function useSaveDebrief(operationId: OperationId) {
  return useMutation({
    mutationFn: (asked: { readonly format: Format; readonly purpose: string }) =>
      download(downloadReport, { operationId, ...asked }),
  });
}
