import type { MessageThen } from '#shared/contracts/review-replay.ts';
import type { MessageId } from '#shared/kernel/ids.ts';

import { list, record, text, texts } from './read-json.ts';
import type { Step } from './room.ts';

const unmarked: MessageThen['handling'] = {
  tlp: 'RED',
  pap: 'RED',
  code: 'H3',
  caveat: '',
  evaluation: null,
};

/** As it was posted; null for one that was posted by nobody or to nobody. Without its content it has no words, and is told so strictly. */
export function messagePosted(id: MessageId, { seq, at, by, compartment, body }: Step): MessageThen | null {
  if (by === null || compartment === null) return null;
  const told = record(body);
  const handling = told.handling;
  return {
    id,
    seq,
    author: by,
    postedAt: text(told.postedAt) ?? at,
    text: text(told.text),
    handling: handling === undefined ? unmarked : (handling as MessageThen['handling']),
    compartment,
    replyTo: text(told.replyTo) as MessageThen['replyTo'],
    mentions: [...(texts(told.mentions) ?? [])] as MessageThen['mentions'],
    references: [...list(told.references)] as MessageThen['references'],
    editedAt: null,
    withdrawnAt: null,
  };
}

export function messageChanged(held: MessageThen | undefined, { kind, at, body }: Step): MessageThen | null {
  if (held === undefined) return null;
  const told = record(body);
  const time = (name: string) => text(told[name]) ?? at;
  if (kind === 'message.withdrawn') return { ...held, text: null, withdrawnAt: time('withdrawnAt') };
  if (kind !== 'message.edited') return held;
  return {
    ...held,
    text: text(told.text),
    mentions: [...(texts(told.mentions) ?? held.mentions)] as MessageThen['mentions'],
    references: [...list(told.references)] as MessageThen['references'],
    editedAt: time('editedAt'),
  };
}
