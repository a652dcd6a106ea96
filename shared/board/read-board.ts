import * as Y from 'yjs';
import type { Json } from '#shared/kernel/canonical-json.ts';
import { base64 } from '#shared/kernel/encoding.ts';

import { type Card, readCard } from './card.ts';
import { root, rootNames } from './document.ts';
import { type Frame, readFrame } from './frame.ts';
import { type Link, readLink } from './link.ts';
import type { Damaged } from './shape.ts';

/** A board as people see it. Order is by id, so two replicas with equal content read equal. */
export type Board = {
  readonly cards: readonly Card[];
  readonly links: readonly Link[];
  readonly frames: readonly Frame[];
  readonly damaged: readonly (Damaged & { readonly root: 'cards' | 'links' | 'frames' })[];
};

/**
 * Reads everything; never throws. A card whose frame is gone belongs to none, and a link with an end that is gone
 * is not shown: both happen when two people act at once, and neither is damage. [CB-4]
 */
export function readBoard(doc: Y.Doc): Board {
  const cards = sorted(root(doc, 'cards')).map(([id, value]) => readCard(id, value));
  const links = sorted(root(doc, 'links')).map(([id, value]) => readLink(id, value));
  const frames = sorted(root(doc, 'frames')).map(([id, value]) => readFrame(id, value));
  const sound = { cards: cards.filter(isSound), frames: frames.filter(isSound) };
  const there = new Set<string>(sound.cards.map((card) => card.id));
  const framed = new Set<string>(sound.frames.map((frame) => frame.id));
  return {
    cards: sound.cards.map((card) =>
      card.frame && !framed.has(card.frame) ? { ...card, frame: null } : card,
    ),
    links: links.filter(isSound).filter((link) => there.has(link.from) && there.has(link.to)),
    frames: sound.frames,
    damaged: [
      ...cards.filter(isDamaged).map((one) => ({ ...one, root: 'cards' as const })),
      ...links.filter(isDamaged).map((one) => ({ ...one, root: 'links' as const })),
      ...frames.filter(isDamaged).map((one) => ({ ...one, root: 'frames' as const })),
    ],
  };
}

/**
 * The whole content as plain JSON, members sorted, malformed records included: equal for two replicas exactly when
 * nobody could tell them apart. Bytes and big integers become tagged objects; below 32 levels it says `too-deep`. [CB-8]
 */
export function boardToJson(doc: Y.Doc): Json {
  return Object.fromEntries([...rootNames].sort().map((name) => [name, plain(root(doc, name), 0)]));
}

/** One record of a board as `boardToJson` shows it. */
export function recordToJson(value: unknown): Json {
  return plain(value, 1);
}

function plain(value: unknown, depth: number): Json {
  if (depth > 32) return { $: 'too-deep' };
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number')
    return Number.isFinite(value) ? value : { $: 'number', value: String(value) };
  if (typeof value === 'bigint') return { $: 'bigint', value: String(value) };
  if (value === undefined) return { $: 'undefined' };
  if (value instanceof Uint8Array) return { $: 'bytes', value: base64(value) };
  if (value instanceof Y.Text)
    return plain(value.length === value.toString().length ? value.toString() : value.toDelta(), depth + 1);
  if (value instanceof Y.Map) return members([...value.entries()], depth);
  if (value instanceof Y.Array) return value.toArray().map((one) => plain(one, depth + 1));
  if (value instanceof Y.XmlFragment)
    return { $: 'xml', value: value.toArray().map((one) => plain(one, depth + 1)) };
  if (value instanceof Y.AbstractType || value instanceof Y.Doc) return { $: value.constructor.name };
  if (Array.isArray(value)) return value.map((one) => plain(one, depth + 1));
  return members(Object.entries(value), depth);
}

function members(entries: readonly (readonly [string, unknown])[], depth: number): Json {
  return Object.fromEntries(
    [...entries].sort(byKey).map(([key, value]) => [key.toWellFormed(), plain(value, depth + 1)]),
  );
}

function sorted(map: Y.Map<unknown>): [string, unknown][] {
  return [...map.entries()].sort(byKey);
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

function isSound<T extends { state: 'sound' }>(one: T | Damaged): one is T {
  return one.state === 'sound';
}

function isDamaged(one: { state: string } | Damaged): one is Damaged {
  return one.state === 'damaged';
}
