import { hashKey, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { api, download, type Given } from '#client/platform/api.ts';
import { clock } from '#client/platform/clock.ts';
import { fewAtOnce } from '#client/platform/few-at-once.ts';
import { useEntries } from '#client/platform/live-context.tsx';
import { operationKey } from '#client/platform/query-client.ts';
import {
  addIndicator,
  exportIndicators,
  type Indicator,
  listIndicators,
  readIndicator,
  withdrawIndicator,
} from '#shared/contracts/indicators.ts';
import type { IndicatorId, OperationId } from '#shared/kernel/ids.ts';
import {
  indicatorOf,
  noFilter,
  type Register,
  type RegisterFilter,
  type RegisterPage,
  withIndicator,
} from './register/register-cache.ts';

const PAGE = 500;
const queue = fewAtOnce(4);

function registerKey(operationId: string, filter: RegisterFilter = noFilter) {
  return operationKey(operationId, 'register', filter);
}

function oneKey(operationId: string, indicatorId: string) {
  return operationKey(operationId, 'indicator', indicatorId);
}

export function useRegister(operationId: OperationId, filter: RegisterFilter) {
  return useInfiniteQuery({
    queryKey: registerKey(operationId, filter),
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) =>
      api(listIndicators, listInput(operationId, filter, pageParam), { signal }),
    getNextPageParam: (page: RegisterPage) => (page.more ? page.indicators.at(-1)?.seq : undefined),
    placeholderData: (before) => before,
    gcTime: filter === noFilter ? Number.POSITIVE_INFINITY : 60_000,
  });
}

function listInput(operationId: OperationId, filter: RegisterFilter, after: number | undefined) {
  return {
    operationId,
    text: filter.text,
    limit: PAGE,
    ...(filter.type ? { type: filter.type } : {}),
    ...(filter.tlp ? { tlp: filter.tlp } : {}),
    ...(filter.originator ? { originator: filter.originator } : {}),
    ...(after === undefined ? {} : { after }),
  };
}

/** How many indicators there are; `null` until the register was read. */
export function useRegisterTotal(operationId: OperationId): number | null {
  return useRegister(operationId, noFilter).data?.pages[0]?.total ?? null;
}

/** One indicator, taken from the register where that was read already. */
export function useIndicator(operationId: OperationId, indicatorId: IndicatorId) {
  const queries = useQueryClient();
  const register = useRegister(operationId, noFilter);
  const held = () => findHeld(queries.getQueryData<Register>(registerKey(operationId)), indicatorId);
  return useQuery({
    queryKey: oneKey(operationId, indicatorId),
    enabled: !register.isPending,
    queryFn: async (): Promise<Indicator> =>
      held() ?? (await queue(() => api(readIndicator, { operationId, indicatorId }))).indicator,
  });
}

function findHeld(register: Register | undefined, id: string): Indicator | undefined {
  for (const page of register?.pages ?? []) {
    const found = page.indicators.find((each) => each.id === id);
    if (found) return found;
  }
  return undefined;
}

/** The same selector in the words of others. */
export function useIndicatorDetail(operationId: OperationId, indicatorId: IndicatorId) {
  return useQuery({
    queryKey: [...oneKey(operationId, indicatorId), 'detail'],
    queryFn: ({ signal }) => api(readIndicator, { operationId, indicatorId }, { signal }),
  });
}

const PAUSE = 1500;

/** Keeps the register as the record has it, on screen or not. Filtered lists are read again, at most every second or so. */
export function useRegisterLive(operationId: OperationId): void {
  const queries = useQueryClient();
  const waiting = useRef(false);
  const readAgain = (all: boolean) => {
    if (waiting.current) return;
    waiting.current = true;
    clock.after(PAUSE, () => {
      waiting.current = false;
      queries.invalidateQueries({
        queryKey: operationKey(operationId, 'register'),
        predicate: ({ queryKey }) => all || hashKey(queryKey) !== hashKey(registerKey(operationId)),
      });
    });
  };
  useEntries((entries) => {
    const imported = entries.some((entry) => entry.kind === 'indicators.imported');
    let changed = imported;
    for (const entry of entries) {
      const stated = indicatorOf(entry);
      if (!stated) continue;
      changed = true;
      queries.setQueryData<Register>(
        registerKey(operationId),
        (held) => held && withIndicator(held, stated, entry.seq),
      );
      queries.setQueryData(oneKey(operationId, stated.id), stated);
      queries.invalidateQueries({ queryKey: [...oneKey(operationId, stated.id), 'detail'] });
    }
    if (changed) readAgain(imported);
  });
}

/** What the chat offers behind a #. */
export async function findIndicators(operationId: OperationId, text: string): Promise<readonly Indicator[]> {
  const page = await api(listIndicators, { operationId, text, limit: 8 });
  return page.indicators;
}

export function useAddIndicator(operationId: OperationId) {
  return useMutation({
    mutationFn: (input: Omit<Given<typeof addIndicator.body>, 'operationId'>) =>
      api(addIndicator, { operationId, ...input }),
  });
}

export function useWithdrawIndicator(operationId: OperationId) {
  return useMutation({
    mutationFn: (input: { indicatorId: IndicatorId; reason: string }) =>
      api(withdrawIndicator, { operationId, ...input }),
  });
}

export function useExportIndicators(operationId: OperationId) {
  return useMutation({
    mutationFn: (input: { format: 'stix' | 'csv'; defang: boolean }) =>
      download(exportIndicators, { operationId, ...input }),
  });
}
