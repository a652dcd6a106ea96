import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { operationKey } from '#client/platform/query-client.ts';
import type { Message, Reference } from '#shared/contracts/chat.ts';
import type { CompartmentId, OperationId } from '#shared/kernel/ids.ts';
import type { Tlp } from '#shared/policy/markings.ts';

/** What stands in the box. It survives a look at another panel, and goes when the operation's other data go. */
export type Draft = {
  readonly text: string;
  readonly references: readonly Reference[];
  readonly tlp: Tlp;
  readonly compartment: CompartmentId | null;
  readonly replyTo: Message | null;
  /** The own message that is being changed. */
  readonly editing: Message | null;
};

export const emptyDraft: Draft = {
  text: '',
  references: [],
  tlp: 'AMBER',
  compartment: null,
  replyTo: null,
  editing: null,
};

export function useDraft(operationId: OperationId) {
  const queries = useQueryClient();
  const queryKey = operationKey(operationId, 'draft');
  const { data: draft = emptyDraft } = useQuery({
    queryKey,
    queryFn: () => emptyDraft,
    initialData: emptyDraft,
    gcTime: Number.POSITIVE_INFINITY,
    enabled: false,
  });
  const change = useCallback(
    (next: Partial<Draft>) =>
      queries.setQueryData<Draft>(operationKey(operationId, 'draft'), (held = emptyDraft) => ({
        ...held,
        ...next,
      })),
    [queries, operationId],
  );
  return { draft, change };
}
