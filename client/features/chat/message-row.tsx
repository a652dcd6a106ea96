import { IconCornerUpLeft, IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { memo } from 'react';
import { useText } from '#client/platform/text.ts';
import { bothStamps } from '#client/platform/time.ts';
import { classes } from '#client/ui/classes.ts';
import { IconButton } from '#client/ui/controls/button.tsx';
import { Avatar } from '#client/ui/item/avatar.tsx';
import { deskLine } from '#client/ui/item/country.ts';
import { Time } from '#client/ui/item/time.tsx';
import { Menu, MenuItem } from '#client/ui/overlays/menu.tsx';
import { Tlp } from '#client/ui/tlp.tsx';
import type { Message } from '#shared/contracts/chat.ts';
import styles from './chat.module.css';
import { MessageText } from './message-text.tsx';
import type { ChatSlots } from './slots.ts';
import { chatText } from './text.ts';

type Props = {
  readonly message: Message;
  readonly follows: boolean;
  /** The message that this one answers, when it is on the page. */
  readonly answers: Message | null;
  readonly slots: ChatSlots;
  readonly onReply: (message: Message) => void;
  readonly onEdit: (message: Message) => void;
  readonly onWithdraw: (message: Message) => void;
  readonly onShow: (id: string) => void;
};

export const MessageRow = memo(function MessageRow(props: Props) {
  const { message, follows, slots } = props;
  const say = useText('chat', chatText);
  const named = message.mentions.some((officer) => officer === slots.me);
  return (
    <article className={classes(styles.message, follows && styles.follows, named && styles.named)}>
      {follows ? <span /> : <Avatar person={message.author} size={30} />}
      <div className={styles.said}>
        {!follows && <Head message={message} slots={slots} />}
        {message.replyTo && <Answered {...props} />}
        {message.text === null ? (
          <p className={styles.withdrawn}>
            {say('withdrawn', { time: message.withdrawnAt ? bothStamps(message.withdrawnAt) : '' })}
          </p>
        ) : (
          <MessageText text={message.text} mentions={message.mentions} people={slots.people} me={slots.me}>
            {message.editedAt && (
              <span
                className={styles.edited}
                title={say('edited-at', { time: bothStamps(message.editedAt) })}
              >
                {say('edited')}
              </span>
            )}
          </MessageText>
        )}
        {message.text !== null && message.references.length > 0 && (
          <div className={styles.references}>
            {message.references.map((reference) => (
              <span key={reference.id}>{slots.renderReference(reference)}</span>
            ))}
          </div>
        )}
      </div>
      {message.text !== null && slots.silenced === null && <Acts {...props} />}
    </article>
  );
});

function Head({ message, slots }: { readonly message: Message; readonly slots: ChatSlots }) {
  const { author } = message;
  const compartment = slots.compartments.find((each) => each.id === message.compartment)?.name;
  return (
    <header className={styles.head}>
      <b>{author.name}</b>
      <span className={styles.desk}>{deskLine(author)}</span>
      <Time iso={message.postedAt} />
      <span className={styles.marks}>
        {compartment && compartment !== 'main' && <span className={styles.compartment}>{compartment}</span>}
        <Tlp label={message.handling.tlp} />
      </span>
    </header>
  );
}

function Answered({ answers, onShow }: Props) {
  const say = useText('chat', chatText);
  if (!answers) return <div className={styles.answered}>{say('reply-gone')}</div>;
  return (
    <button type="button" className={styles.answered} onClick={() => onShow(answers.id)}>
      <b>{say('reply-to', { name: answers.author.name })}</b> {answers.text ?? ''}
    </button>
  );
}

function Acts({ message, slots, onReply, onEdit, onWithdraw }: Props) {
  const say = useText('chat', chatText);
  const own = message.author.officer === slots.me;
  return (
    <span className={styles.acts}>
      <IconButton label={say('reply')} onClick={() => onReply(message)}>
        <IconCornerUpLeft size={15} />
      </IconButton>
      {own && (
        <Menu
          target={
            <IconButton label={say('more')}>
              <IconDots size={15} />
            </IconButton>
          }
        >
          <MenuItem icon={<IconPencil size={15} />} onPick={() => onEdit(message)}>
            {say('edit')}
          </MenuItem>
          <MenuItem icon={<IconTrash size={15} />} onPick={() => onWithdraw(message)}>
            {say('withdraw')}
          </MenuItem>
        </Menu>
      )}
    </span>
  );
}
