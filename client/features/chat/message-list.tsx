import { IconArrowDown } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import type { Message } from '#shared/contracts/chat.ts';
import styles from './chat.module.css';
import type { Chat } from './chat-cache.ts';
import { type ListItem, listItems } from './list-items.ts';
import { MessageRow } from './message-row.tsx';
import type { ChatSlots } from './slots.ts';
import { chatText } from './text.ts';
import { useMarkRead, useOlder } from './use-chat.ts';

type Props = {
  readonly chat: Chat;
  readonly slots: ChatSlots;
  readonly onReply: (message: Message) => void;
  readonly onEdit: (message: Message) => void;
  readonly onWithdraw: (message: Message) => void;
};

/** Only what is in view is drawn. It opens at the newest message, stays there, and keeps its place when older ones come. */
export function MessageList({ chat, slots, onReply, onEdit, onWithdraw }: Props) {
  const say = useText('chat', chatText);
  const scroller = useRef<HTMLDivElement>(null);
  const [openedAt] = useState(chat.readUpTo);
  const items = useMemo(
    () => listItems(chat.messages, openedAt, slots.me),
    [chat.messages, openedAt, slots.me],
  );
  const older = useOlder(slots.operationId);
  const list = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (at) => (items[at]?.kind === 'message' ? 62 : 30),
    getItemKey: (at) => items[at]?.key ?? at,
    overscan: 8,
    anchorTo: 'end',
    followOnAppend: true,
    paddingStart: 8,
    paddingEnd: 8,
  });
  const byId = useMemo(() => new Map(chat.messages.map((each) => [String(each.id), each])), [chat.messages]);
  const atEnd = useAtEnd(scroller, chat, slots);
  useOpenAtEnd(() => list.scrollToIndex(items.length - 1, { align: 'end' }));
  const showMessage = useCallback(
    (id: string) => {
      const at = items.findIndex((item) => item.key === id);
      if (at >= 0) list.scrollToIndex(at, { align: 'center' });
    },
    [items, list],
  );
  const oldest = chat.messages[0];
  return (
    <div className={styles.listFrame}>
      <div ref={scroller} className={styles.list} role="log" aria-label={say('box.label')} tabIndex={-1}>
        {chat.more && oldest && (
          <div className={styles.older}>
            <Button look="quiet" busy={older.isPending} onClick={() => older.mutate(oldest.seq)}>
              {say(older.isPending ? 'older-busy' : 'older')}
            </Button>
          </div>
        )}
        <div className={styles.virtual} style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map((row) => {
            const item = items[row.index];
            return (
              <div
                key={row.key}
                ref={list.measureElement}
                data-index={row.index}
                className={styles.virtualRow}
                style={{ transform: `translateY(${row.start}px)` }}
              >
                {item?.kind === 'message' ? (
                  <MessageRow
                    message={item.message}
                    follows={item.follows}
                    answers={item.message.replyTo ? (byId.get(item.message.replyTo) ?? null) : null}
                    slots={slots}
                    onReply={onReply}
                    onEdit={onEdit}
                    onWithdraw={onWithdraw}
                    onShow={showMessage}
                  />
                ) : (
                  item && <Divider item={item} />
                )}
              </div>
            );
          })}
        </div>
      </div>
      {!atEnd && (
        <button
          type="button"
          className={styles.toNewest}
          aria-label={say('to-newest')}
          onClick={() => list.scrollToIndex(items.length - 1, { align: 'end' })}
        >
          <IconArrowDown size={16} />
        </button>
      )}
    </div>
  );
}

function Divider({ item }: { readonly item: Exclude<ListItem, { kind: 'message' }> }) {
  const say = useText('chat', chatText);
  if (item.kind === 'new') return <div className={`${styles.day} ${styles.newLine}`}>{say('new')}</div>;
  return <div className={styles.day}>{say('utc', { day: item.day })}</div>;
}

function useOpenAtEnd(toEnd: () => void): void {
  const first = useRef(toEnd);
  useEffect(() => first.current(), []);
}

/** Whether the newest message is in view; while it is, and the page is looked at, what came is read. */
function useAtEnd(scroller: { current: HTMLDivElement | null }, chat: Chat, slots: ChatSlots): boolean {
  const [atEnd, setAtEnd] = useState(true);
  const { mutate } = useMarkRead(slots.operationId);
  const newest = chat.messages.at(-1);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight < 60);
    element.addEventListener('scroll', look, { passive: true });
    return () => element.removeEventListener('scroll', look);
  }, [scroller]);
  useEffect(() => {
    const read = () => {
      if (atEnd && newest && newest.seq >= chat.readUpTo && document.visibilityState === 'visible') {
        mutate(newest.seq + 1);
      }
    };
    read();
    document.addEventListener('visibilitychange', read);
    return () => document.removeEventListener('visibilitychange', read);
  }, [atEnd, newest, chat.readUpTo, mutate]);
  return atEnd;
}
