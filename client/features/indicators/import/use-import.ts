import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { api, type Given } from '#client/platform/api.ts';
import { operationKey } from '#client/platform/query-client.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import {
  commitImport,
  type importFormats,
  importVerdicts,
  previewImport,
  type Verdict,
} from '#shared/contracts/indicators.ts';
import { base64 } from '#shared/kernel/encoding.ts';
import type { ImportId, OperationId } from '#shared/kernel/ids.ts';

export type ImportFormat = (typeof importFormats)[number];
export type Preview = ReplyOf<typeof previewImport>;

/** Bytes; their base64 has to fit into the call. */
export const largestFile = 64_000_000;

export function formatOf(fileName: string): ImportFormat {
  const ending = fileName.toLowerCase().split('.').at(-1);
  if (ending === 'json' || ending === 'stix') return 'stix';
  return ending === 'csv' || ending === 'tsv' ? 'csv' : 'text';
}

export function usePreview(operationId: OperationId) {
  type Input = Omit<Given<typeof previewImport.body>, 'operationId' | 'content'> & {
    readonly bytes: Uint8Array;
  };
  return useMutation({
    mutationFn: ({ bytes, ...input }: Input) =>
      api(previewImport, { operationId, ...input, content: base64(bytes) }),
  });
}

const PAGE = 1000;

/** The rows of a preview; the first page came with it. */
export function useVerdicts(operationId: OperationId, preview: Preview) {
  return useInfiniteQuery({
    queryKey: operationKey(operationId, 'verdicts', preview.importId),
    initialPageParam: 0,
    initialData: { pages: [{ verdicts: preview.verdicts, more: preview.more }], pageParams: [0] },
    queryFn: ({ pageParam, signal }) =>
      api(
        importVerdicts,
        { operationId, importId: preview.importId, from: pageParam, limit: PAGE },
        { signal },
      ),
    getNextPageParam: (last, pages) =>
      last.more ? pages.reduce((sum, page) => sum + page.verdicts.length, 0) : undefined,
    gcTime: 60_000,
  });
}

export function useCommitImport(operationId: OperationId) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { importId: ImportId; take: string[]; leave: string[] }) =>
      api(commitImport, { operationId, ...input }),
    onSuccess: () => queries.invalidateQueries({ queryKey: operationKey(operationId, 'register') }),
  });
}

/** What the person decided against the hub's ticks, by `at`. */
export function useDecisions(preview: Preview) {
  const [against, setAgainst] = useState<ReadonlyMap<string, boolean>>(new Map());
  const decide = useCallback((rows: readonly Verdict[], take: boolean) => {
    setAgainst((held) => {
      const next = new Map(held);
      for (const { at, ticked } of rows) {
        if (ticked === take) next.delete(at);
        else next.set(at, take);
      }
      return next;
    });
  }, []);
  const take = [...against].filter(([, taken]) => taken).map(([at]) => at);
  const leave = [...against].filter(([, taken]) => !taken).map(([at]) => at);
  const count = Math.max(0, preview.counts.new + take.length - leave.length);
  return { against, decide, take, leave, count };
}
