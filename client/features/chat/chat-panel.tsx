import { IconMessage2 } from '@tabler/icons-react';
import { useState } from 'react';
import { useRoomFact } from '#client/platform/live-context.tsx';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Loading, Refused, StateScreen } from '#client/ui/states/states.tsx';
import type { Message } from '#shared/contracts/chat.ts';
import styles from './chat.module.css';
import { Composer } from './composer.tsx';
import { useDraft } from './draft.ts';
import { MessageList } from './message-list.tsx';
import type { ChatSlots } from './slots.ts';
import { chatText } from './text.ts';
import { useChat } from './use-chat.ts';
import { WithdrawMessage } from './withdraw-message.tsx';

export function ChatPanel(slots: ChatSlots) {
  const say = useText('chat', chatText);
  const chat = useChat(slots.operationId);
  const { change } = useDraft(slots.operationId);
  const [withdrawing, setWithdrawing] = useState<Message | null>(null);
  return (
    <div className={styles.panel}>
      {chat.isPending && <Loading label={say('loading')} />}
      {chat.isError && (
        <Refused
          error={chat.error}
          actions={<Button onClick={() => chat.refetch()}>{say('again')}</Button>}
        />
      )}
      {chat.data?.messages.length === 0 && (
        <StateScreen icon={<IconMessage2 size={26} stroke={1.4} />} title={say('empty-title')}>
          {say('empty')}
        </StateScreen>
      )}
      {chat.data && chat.data.messages.length > 0 && (
        <MessageList
          chat={chat.data}
          slots={slots}
          onReply={(replyTo) => change({ replyTo, editing: null })}
          onEdit={(editing) =>
            change({ editing, replyTo: null, text: editing.text ?? '', references: editing.references })
          }
          onWithdraw={setWithdrawing}
        />
      )}
      <Typing me={slots.me} />
      <Composer {...slots} />
      {withdrawing && (
        <WithdrawMessage
          operationId={slots.operationId}
          message={withdrawing}
          onClose={() => setWithdrawing(null)}
        />
      )}
    </div>
  );
}

/** A string, so that presence that changes nothing here renders nothing. */
function Typing({ me }: { readonly me: string }) {
  const say = useText('chat', chatText);
  const names = useRoomFact((room) =>
    room.present
      .filter(({ person, state }) => state.typing && person.officer !== me)
      .map(({ person }) => person.name)
      .join(', '),
  );
  const count = names === '' ? 0 : names.split(', ').length;
  return (
    <div className={styles.typing} aria-live="polite">
      {count > 0 && say('typing', { count, names })}
    </div>
  );
}
