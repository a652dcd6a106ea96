import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '#client/platform/api.ts';
import { useEntries } from '#client/platform/live-context.tsx';
import { operationKey } from '#client/platform/query-client.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import { listEntries } from '#shared/contracts/review.ts';
import {
  answerFinding,
  concludeFinding,
  type Finding,
  listFindings,
  openFinding,
} from '#shared/contracts/review-findings.ts';
import type { FindingId, OperationId } from '#shared/kernel/ids.ts';
import { lastSeq, noFindings, pinsOf } from './findings.ts';

type Listed = ReplyOf<typeof listFindings>;

const findingKinds = /^finding\./;

export function findingsKey(operationId: OperationId) {
  return operationKey(operationId, 'findings');
}

export function useFindings(operationId: OperationId) {
  return useQuery({
    queryKey: findingsKey(operationId),
    queryFn: ({ signal }) => api(listFindings, { operationId }, { signal }),
  });
}

/** By the entry they are pinned to. Empty until they are read: no mark waits for them. */
export function usePins(operationId: OperationId) {
  const { data } = useFindings(operationId);
  return useMemo(() => pinsOf(data?.findings ?? noFindings), [data]);
}

/** Reads them again when the record says that somebody wrote, answered or concluded one. */
export function useFindingsLive(operationId: OperationId): void {
  const queries = useQueryClient();
  useEntries((entries) => {
    if (entries.some(({ kind }) => findingKinds.test(kind)))
      void queries.invalidateQueries({ queryKey: findingsKey(operationId) });
  });
}

/** The entries of one finding, oldest first, to be verified; read again when one is added. */
export function useFindingEntries(operationId: OperationId, finding: Finding) {
  return useQuery({
    queryKey: operationKey(operationId, 'finding-entries', finding.id, lastSeq(finding)),
    queryFn: async ({ signal }) => {
      const given = { operationId, objectId: finding.id, limit: 200 };
      const { entries } = await api(listEntries, given, { signal });
      return new Map(entries.map((entry) => [entry.seq, entry]));
    },
    placeholderData: (before) => before,
    gcTime: 60_000,
  });
}

/** The reply is the finding as it now stands; the entry that follows brings the same. */
function keep(queries: QueryClient, operationId: OperationId, finding: Finding): void {
  queries.setQueryData<Listed>(findingsKey(operationId), (held) => {
    if (held === undefined) return held;
    const others = held.findings.filter(({ id }) => id !== finding.id);
    return { ...held, findings: [...others, finding].sort((a, b) => a.seq - b.seq) };
  });
}

export type Written = Pick<Finding, 'sort' | 'title' | 'text'>;

export function useOpenFinding(operationId: OperationId, pinned: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (written: Written) => api(openFinding, { operationId, pinned, ...written }),
    onSuccess: (finding) => keep(queries, operationId, finding),
  });
}

export function useAnswerFinding(operationId: OperationId, findingId: FindingId) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (text: string) => api(answerFinding, { operationId, findingId, text }),
    onSuccess: (finding) => keep(queries, operationId, finding),
  });
}

export type Concluded = Pick<NonNullable<Finding['conclusion']>, 'kind' | 'text'>;

export function useConcludeFinding(operationId: OperationId, findingId: FindingId) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (concluded: Concluded) => api(concludeFinding, { operationId, findingId, ...concluded }),
    onSuccess: (finding) => keep(queries, operationId, finding),
  });
}
