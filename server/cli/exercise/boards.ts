import { createHash } from 'node:crypto';
import type * as Y from 'yjs';

import { addCard, type CardKind, type NewCard } from '#shared/board/card.ts';
import type { CardId, FrameId, LinkId } from '#shared/board/document.ts';
import { addFrame } from '#shared/board/frame.ts';
import { connect } from '#shared/board/link.ts';
import { asId, type OfficerId } from '#shared/kernel/ids.ts';
import type { Tlp } from '#shared/policy/markings.ts';

/** An indicator of the register, for a card that stays bound to it. */
export type Bound = { readonly id: string; readonly display: string; readonly tlp: Tlp };

type Draft = {
  readonly kind: CardKind;
  readonly at: readonly [number, number];
  readonly title: string;
  readonly text?: string;
  readonly tlp?: Tlp;
  readonly ref?: Bound | undefined;
};

/** Ids follow from names, so that seeding twice gives one board. */
const idOf = (name: string) => createHash('sha256').update(`exercise ${name}`).digest('hex').slice(0, 32);

/** Whose hand a card is from; the record knows it from the session. */
export type Author = { readonly officer: OfficerId };

export function drawMainBoard(
  doc: Y.Doc,
  author: Author,
  bound: { domains: readonly Bound[]; hashes: readonly Bound[] },
): void {
  if (doc.getMap('cards').size > 0) return;
  const [first, second, third] = bound.domains;
  frame(doc, 'infrastructure', 'Infrastructure · TH', [430, 60, 300, 430]);
  frame(doc, 'toolkit', 'Scam toolkit', [810, 60, 300, 300]);
  draw(doc, author, {
    recruiter: {
      kind: 'person',
      at: [60, 120],
      title: '“Kelvin Tan” (alias)',
      text: 'Recruits money mules over a messaging bot. Same advert in three countries.',
      tlp: 'AMBER',
    },
    group: {
      kind: 'organisation',
      at: [60, 320],
      title: 'Blue Heron group',
      text: 'Name used in the bot’s own help text.',
      tlp: 'AMBER',
    },
    first: {
      kind: 'indicator',
      at: [480, 110],
      title: first?.display ?? 'phishing domain',
      tlp: first?.tlp ?? 'GREEN',
      ref: first,
    },
    second: {
      kind: 'indicator',
      at: [480, 230],
      title: second?.display ?? 'phishing domain',
      tlp: second?.tlp ?? 'GREEN',
      ref: second,
    },
    third: {
      kind: 'indicator',
      at: [480, 350],
      title: third?.display ?? 'phishing domain',
      tlp: third?.tlp ?? 'GREEN',
      ref: third,
    },
    sample: {
      kind: 'indicator',
      at: [860, 110],
      title: bound.hashes[0]?.display ?? 'sample',
      tlp: bound.hashes[0]?.tlp ?? 'GREEN',
      ref: bound.hashes[0],
    },
    evidence: {
      kind: 'evidence',
      at: [860, 230],
      title: 'Bot source code',
      text: 'Seized copy, image 4 of exhibit TH-17.',
      tlp: 'AMBER',
    },
    note: {
      kind: 'note',
      at: [60, 520],
      title: 'Mule in Penang',
      text: 'Tells the same story: job advert, group chat, weekly pay. Ask MY for the account statement.',
      tlp: 'AMBER',
    },
    task: {
      kind: 'task',
      at: [480, 560],
      title: 'Preserve hosting logs before H',
      text: 'TH asks the provider; FR has the contact.',
      tlp: 'GREEN',
    },
    event: {
      kind: 'event',
      at: [860, 420],
      title: 'Action day, 04:00 UTC',
      text: 'All visible action waits for H-hour.',
      tlp: 'AMBER',
    },
  });
  link(doc, 'recruiter', 'first', 'registered');
  link(doc, 'recruiter', 'group', 'speaks for');
  link(doc, 'first', 'second', 'same certificate', 'both');
  link(doc, 'sample', 'second', 'calls home to');
  link(doc, 'sample', 'evidence', 'built from');
  link(doc, 'note', 'recruiter', 'was recruited by');
}

export function drawMoneyBoard(doc: Y.Doc, author: Author, bound: { wallets: readonly Bound[] }): void {
  if (doc.getMap('cards').size > 0) return;
  const [wallet, other] = bound.wallets;
  frame(doc, 'cash', 'Cash-out · VN', [780, 80, 320, 320]);
  draw(doc, author, {
    victims: {
      kind: 'note',
      at: [60, 160],
      title: '41 victims, SG and MY',
      text: 'Loan fee paid in advance. Statements from two banks.',
      tlp: 'AMBER',
    },
    account: {
      kind: 'account',
      at: [400, 100],
      title: 'KBANK ···· 6789-0',
      text: 'Opened in March by a courier.',
      tlp: 'AMBER',
    },
    mule: {
      kind: 'account',
      at: [400, 260],
      title: 'BCA ···· 4410',
      text: 'Emptied within the hour, each time.',
      tlp: 'AMBER',
    },
    wallet: {
      kind: 'indicator',
      at: [830, 130],
      title: wallet?.display ?? 'wallet',
      tlp: wallet?.tlp ?? 'AMBER',
      ref: wallet,
    },
    other: {
      kind: 'indicator',
      at: [830, 260],
      title: other?.display ?? 'wallet',
      tlp: other?.tlp ?? 'AMBER',
      ref: other,
    },
    place: {
      kind: 'location',
      at: [830, 460],
      title: 'Exchange counter, Da Nang',
      text: 'Camera from 20:00 local.',
      tlp: 'AMBER',
    },
  });
  link(doc, 'victims', 'account', 'paid into');
  link(doc, 'account', 'wallet', 'bought');
  link(doc, 'mule', 'wallet', 'bought');
  link(doc, 'wallet', 'other', 'swept to');
  link(doc, 'other', 'place', 'cashed at');
}

function draw(doc: Y.Doc, { officer }: Author, cards: Readonly<Record<string, Draft>>): void {
  for (const [name, { kind, at, title, text, tlp, ref }] of Object.entries(cards)) {
    const card: NewCard = {
      id: asId<CardId>(idOf(name)),
      kind,
      x: at[0],
      y: at[1],
      title,
      tlp: tlp ?? 'AMBER',
      createdBy: officer,
      ...(text !== undefined && { text }),
      ...(ref !== undefined && { ref: { kind: 'indicator' as const, id: ref.id } }),
    };
    addCard(doc, card, author);
  }
}

function frame(
  doc: Y.Doc,
  name: string,
  title: string,
  [x, y, w, h]: readonly [number, number, number, number],
): void {
  addFrame(doc, { id: asId<FrameId>(idOf(`frame ${name}`)), title, x, y, w, h }, author);
}

function link(
  doc: Y.Doc,
  from: string,
  to: string,
  label: string,
  direction: 'forward' | 'both' = 'forward',
): void {
  const id = asId<LinkId>(idOf(`link ${from} ${to}`));
  connect(doc, { id, from: asId<CardId>(idOf(from)), to: asId<CardId>(idOf(to)), label, direction }, author);
}

/** The origin of every change made here. */
const author = { exercise: true };
