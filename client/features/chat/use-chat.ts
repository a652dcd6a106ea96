import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type Given } from '#client/platform/api.ts';
import { useEntries, useRoom } from '#client/platform/live-context.tsx';
import { operationKey } from '#client/platform/query-client.ts';
import { editMessage, listMessages, markRead, postMessage, withdrawMessage } from '#shared/contracts/chat.ts';
import type { MessageId, OperationId } from '#shared/kernel/ids.ts';
import { type Chat, unreadOf, withEntries, withMessage, withOlder } from './chat-cache.ts';

function chatKey(operationId: string) {
  return operationKey(operationId, 'chat');
}

/** The newest messages; older ones are added with `useOlder`, newer ones by the live room. */
export function useChat(operationId: OperationId) {
  const room = useRoom();
  return useQuery({
    queryKey: chatKey(operationId),
    gcTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }): Promise<Chat> => {
      const page = await api(listMessages, { operationId }, { signal });
      return withEntries(page, room.deliveredSince(page.asOf) ?? []);
    },
  });
}

/** Keeps the chat up to date whether or not it is on screen. */
export function useChatLive(operationId: OperationId): void {
  const queries = useQueryClient();
  useEntries((entries) => {
    queries.setQueryData<Chat>(chatKey(operationId), (chat) => chat && withEntries(chat, entries));
  });
}

export function useUnread(operationId: OperationId, me: string): number {
  const chat = useChat(operationId);
  return chat.data ? unreadOf(chat.data, me) : 0;
}

export function useOlder(operationId: OperationId) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (before: number) => api(listMessages, { operationId, before }),
    onSuccess: (page) =>
      queries.setQueryData<Chat>(chatKey(operationId), (chat) => chat && withOlder(chat, page)),
  });
}

export function useMarkRead(operationId: OperationId) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (upTo: number) => api(markRead, { operationId, upTo }),
    onMutate: (upTo) =>
      queries.setQueryData<Chat>(
        chatKey(operationId),
        (chat) => chat && { ...chat, readUpTo: Math.max(chat.readUpTo, upTo) },
      ),
  });
}

type Post = Omit<Given<typeof postMessage.body>, 'operationId'>;
type Edit = Omit<Given<typeof editMessage.body>, 'operationId'>;

export function usePost(operationId: OperationId) {
  return useSaying(operationId, (input: Post) => api(postMessage, { operationId, ...input }));
}

export function useEdit(operationId: OperationId) {
  return useSaying(operationId, (input: Edit) => api(editMessage, { operationId, ...input }));
}

export function useWithdraw(operationId: OperationId) {
  return useSaying(operationId, (input: { messageId: MessageId; reason: string }) =>
    api(withdrawMessage, { operationId, ...input }),
  );
}

type Message = Chat['messages'][number];

function useSaying<Input>(operationId: OperationId, act: (input: Input) => Promise<Message>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (said) =>
      queries.setQueryData<Chat>(chatKey(operationId), (chat) => chat && withMessage(chat, said)),
  });
}
