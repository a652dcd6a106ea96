import type { Chance } from '#tests/faults/support/chance.ts';

import { Bytes, mutated, oddNumber, presenceFrame, presenceOf, syncFrame } from './bytes.ts';

/** What a client that means harm knows of the board it attacks. */
export type Knowledge = {
  /** Its own client id, and how far it has come under it. */
  readonly own: number;
  clock: number;
  /** Client ids of others, who have written something. */
  readonly foreign: readonly number[];
  /** The hub's own, under which it wrote `meta`. */
  readonly hub: number;
};

export type Fuzzed = { readonly data: Uint8Array | string; readonly what: string };

const roots = ['cards', 'links', 'frames'];
const evilNames = ['__proto__', 'constructor', 'prototype', 'toString', 'meta', 'then', '', 'x'.repeat(300)];
const evilStates = [
  '{}',
  '{"user":{"name":"Somebody Else"}}',
  '{"__proto__":{"officer":"x"}}',
  '{"constructor":{"prototype":{"name":1}}}',
  '{"cursor":{"x":1e308,"y":-1e308}}',
  '{"toJSON":1,"a":[[[[[[]]]]]]}',
  'null',
];
const wrongStates = ['[]', '7', '"x"', '{', '', 'undefined', `{"a":"${'x'.repeat(4200)}"}`, '['.repeat(4000)];

/**
 * One frame: most of them such as a client may send, many with one lie in them, some of no shape at all. Those a hub
 * lives through come more often, so that a socket is heard for a while before it is refused.
 */
export function anyFrame(chance: Chance, know: Knowledge): Fuzzed {
  const roll = chance.int(1, 1000);
  if (roll <= 280) return { what: 'a change', data: syncFrame(2, tameUpdate(chance, know)) };
  if (roll <= 500) return { what: 'a strange change', data: syncFrame(2, strangeUpdate(chance, know)) };
  if (roll <= 720) return { what: 'presence', data: presence(chance, know, evilStates) };
  if (roll <= 723) return { what: 'wrong presence', data: presence(chance, know, wrongStates) };
  if (roll <= 763) return { what: 'an empty answer', data: syncFrame(1, Uint8Array.of(0, 0)) };
  if (roll <= 800) return { what: 'a question', data: syncFrame(0, vector(chance, know)) };
  if (roll <= 950) return { what: 'a question who is here', data: new Bytes().uint(3).done() };
  if (roll <= 977) {
    const honest = [syncFrame(2, tameUpdate(chance, { ...know })), presence(chance, know, evilStates)];
    const frame = mutated(chance.pick(honest), chance.pick(honest), chance);
    return { what: 'a mutated frame', data: frame };
  }
  if (roll <= 982) return { what: 'a change with a gap', data: syncFrame(2, gap(chance, know)) };
  if (roll <= 985) return { what: 'an answer with a gap', data: syncFrame(1, gap(chance, know)) };
  if (roll <= 989) return { what: 'a forged change', data: syncFrame(2, forged(chance, know)) };
  if (roll <= 992) return { what: 'poison', data: syncFrame(2, poison(chance, know)) };
  return shapeless(chance, know);
}

/** Refused for certain, by any reader. */
export const lastWord: Fuzzed = {
  what: 'a word of the hub',
  data: new Bytes().uint(100).uint(1).uint(1).done(),
};

function shapeless(chance: Chance, know: Knowledge): Fuzzed {
  const update = tameUpdate(chance, { ...know });
  const of = (what: string, data: Uint8Array | string) => ({ what, data });
  switch (chance.int(0, 7)) {
    case 0:
      return of('an unknown type', new Bytes().uint(oddNumber(chance)).block(update).done());
    case 1:
      return of('text', chance.pick(['', 'hello', '42["call",{}]', '\u0000', '['.repeat(500)]));
    case 2:
      return of('an unknown step', syncFrame(oddNumber(chance) + 3, update));
    case 3:
      return of('padded type and step', new Bytes().uint(0, true).uint(2, true).block(update).done());
    case 4:
      return of(
        'a length beyond the frame',
        new Bytes().uint(0).uint(2).uint(oddNumber(chance)).raw(update).done(),
      );
    case 5:
      return of('something behind the message', new Bytes().raw(syncFrame(2, update)).byte(0).done());
    case 6:
      return of('noise', chance.bytes(chance.int(0, 60)));
    default:
      return of(
        'the other encoding',
        syncFrame(2, new Bytes().byte(0, 0, 1, 3, 0, 0, 0).block(update).done()),
      );
  }
}

function presence(chance: Chance, { own, foreign }: Knowledge, states: readonly string[]): Uint8Array {
  const count = chance.int(1, 4);
  const clients = new Set<number>();
  while (clients.size < count)
    clients.add(chance.happens(0.5) ? own + clients.size : anyClient(chance, foreign));
  const clock = () => (chance.happens(0.01) ? oddNumber(chance) : chance.int(1, 50));
  const entries = [...clients].map((client) => ({ client, clock: clock(), state: chance.pick(states) }));
  if (chance.happens(0.99)) return presenceOf(entries);
  return presenceFrame(new Bytes().uint(oddNumber(chance)).uint(own).uint(1).text('{}').done());
}

function anyClient(chance: Chance, foreign: readonly number[]): number {
  return chance.happens(0.7) && foreign.length > 0 ? chance.pick(foreign) : chance.int(1, 2 ** 32);
}

function vector(chance: Chance, { own, foreign }: Knowledge): Uint8Array {
  const bytes = new Bytes();
  const count = chance.int(0, 6);
  bytes.uint(count);
  for (let n = 0; n < count; n++) {
    bytes.uint(chance.happens(0.5) ? own : anyClient(chance, foreign));
    bytes.uint(chance.happens(0.5) ? chance.int(0, 1000) : Math.min(oddNumber(chance), 2 ** 53 - 1));
  }
  return bytes.done();
}

/** A change such as Yjs writes: a value under a key of a root, under the client's own id, at its next clock. */
function tameUpdate(chance: Chance, know: Knowledge): Uint8Array {
  const bytes = new Bytes().uint(1).uint(1).uint(know.own).uint(know.clock);
  const info = 8 | 0x20;
  bytes
    .byte(info)
    .uint(1)
    .text(chance.pick(roots))
    .text(`junk ${know.own % 97}`);
  bytes.uint(1);
  value(bytes, chance, 0);
  know.clock += 1;
  return bytes.uint(0).done();
}

/** A change that brings what is not the next of its client: the hub has to ask, or to send away. */
function gap(chance: Chance, know: Knowledge): Uint8Array {
  return tameUpdate(chance, { ...know, clock: know.clock + chance.int(1, 9) });
}

/** The next word of somebody else, or of nobody yet beyond anything that could be known. */
function forged(chance: Chance, know: Knowledge): Uint8Array {
  return tameUpdate(chance, { ...know, own: chance.pick([...know.foreign, know.hub]), clock: 2 ** 20 });
}

/** What cannot be seen before it is applied: an overwriting of `meta` that does not name it, or types too deep. */
function poison(chance: Chance, { own, clock, hub }: Knowledge): Uint8Array {
  const bytes = new Bytes().uint(1);
  if (chance.happens(0.5)) {
    bytes
      .uint(1)
      .uint(own)
      .uint(clock)
      .byte(8 | 0x80)
      .uint(hub)
      .uint(0);
    return bytes.uint(1).byte(120).uint(0).done();
  }
  const levels = 40;
  bytes
    .uint(levels)
    .uint(own)
    .uint(clock)
    .byte(7 | 0x20)
    .uint(1)
    .text('cards')
    .text('deep')
    .uint(1);
  for (let n = 1; n < levels; n++)
    bytes
      .byte(7 | 0x20)
      .uint(0)
      .uint(own)
      .uint(clock + n - 1)
      .text('in')
      .uint(1);
  return bytes.uint(0).done();
}

/** Tells one lie, at a place that chance chose beforehand, or none. */
class Liar {
  #left: number;
  constructor(chance: Chance) {
    this.#left = chance.happens(0.12) ? chance.int(1, 25) : -1;
  }
  get now(): boolean {
    this.#left -= 1;
    return this.#left === 0;
  }
}

/** Everything that an update may hold and boards do not use, in the right shape but for one place. */
function strangeUpdate(chance: Chance, know: Knowledge): Uint8Array {
  const lies = new Liar(chance);
  const structs = chance.int(1, 5);
  const bytes = new Bytes().uint(lies.now ? oddNumber(chance) : 1);
  bytes.uint(lies.now ? oddNumber(chance) : structs);
  bytes.uint(know.own, lies.now).uint(lies.now ? oddNumber(chance) : know.clock);
  const began = know.clock;
  for (let left = structs; left > 0; left--) know.clock += struct(bytes, { chance, know, lies });
  if (chance.happens(0.6)) return bytes.uint(lies.now ? 1 : 0).done();
  bytes.uint(1).uint(know.own).uint(1);
  bytes.uint(lies.now ? oddNumber(chance) : chance.int(0, began)).uint(lies.now ? oddNumber(chance) : 1);
  return bytes.done();
}

type Telling = { readonly chance: Chance; readonly know: Knowledge; readonly lies: Liar };

/** How many clocks it takes. */
function struct(bytes: Bytes, telling: Telling): number {
  const { chance, know, lies } = telling;
  const kind = lies.now ? chance.int(0, 31) : chance.pick([1, 3, 4, 5, 6, 7, 7, 8, 8]);
  const left = know.clock > 0 && chance.happens(0.3);
  const right = know.clock > 0 && chance.happens(0.15);
  const keyed = chance.happens(0.6);
  bytes.byte(kind | (left ? 0x80 : 0) | (right ? 0x40 : 0) | (keyed ? 0x20 : 0));
  if (left) pointer(bytes, telling);
  if (right) pointer(bytes, telling);
  if (!left && !right) {
    const byName = know.clock === 0 || chance.happens(0.5);
    bytes.uint(byName ? 1 : 0);
    if (byName) bytes.text(lies.now ? chance.pick(evilNames) : chance.pick(roots));
    else pointer(bytes, telling);
    if (keyed) bytes.text(lies.now ? '__proto__' : chance.pick(['junk', 'constructor', 'toString', '']));
  }
  return content(bytes, kind, telling);
}

function pointer(bytes: Bytes, { chance, know, lies }: Telling): void {
  bytes.uint(lies.now ? anyClient(chance, know.foreign) : know.own);
  bytes.uint(lies.now ? oddNumber(chance) : chance.int(0, know.clock - 1));
}

function content(bytes: Bytes, kind: number, { chance, lies }: Telling): number {
  const number = (right: number) => (lies.now ? oddNumber(chance) : right);
  switch (kind) {
    case 0:
    case 10:
    case 1: {
      const run = number(chance.int(1, 3));
      bytes.uint(run);
      return run;
    }
    case 3:
      bytes.block(chance.bytes(3));
      return 1;
    case 4: {
      const text = lies.now ? '' : chance.pick(['x', 'some text']);
      bytes.text(text);
      return text.length;
    }
    case 5:
      bytes.text(lies.now ? chance.pick(['{', '{"__proto__":1}', '['.repeat(60)]) : '{"a":1}');
      return 1;
    case 6:
      bytes.text(lies.now ? '__proto__' : 'bold').text(lies.now ? 'x' : 'true');
      return 1;
    case 7: {
      const type = number(chance.int(0, 6));
      bytes.uint(type);
      if (type === 3 || type === 5) bytes.text(lies.now ? '__proto__' : 'div');
      return 1;
    }
    case 8: {
      const count = chance.int(1, 3);
      bytes.uint(number(count));
      for (let n = 0; n < count; n++) value(bytes, chance, 0);
      return count;
    }
    case 9:
      bytes.text('guid').byte(118).uint(0);
      return 1;
    default:
      bytes.raw(chance.bytes(chance.int(0, 6)));
      return 1;
  }
}

/** A value of `lib0`, now and then deeper than the hub takes. */
function value(bytes: Bytes, chance: Chance, depth: number): void {
  const roll = depth > 3 ? chance.int(0, 6) : chance.int(0, 8);
  if (roll === 0) bytes.byte(126);
  else if (roll === 1) bytes.byte(125).uint(chance.int(0, 63));
  else if (roll === 2) bytes.byte(123).raw(chance.bytes(8));
  else if (roll === 3) bytes.byte(120);
  else if (roll <= 5) bytes.byte(119).text(chance.pick(['red', 'Wallet bc1q', '<script>', '\u0000']));
  else if (roll === 6) bytes.byte(116).block(chance.bytes(4));
  else if (roll === 7) {
    bytes
      .byte(118)
      .uint(1)
      .text(chance.happens(0.995) ? 'key' : '__proto__');
    value(bytes, chance, depth + 1);
  } else {
    const levels = chance.happens(0.01) ? chance.int(20, 60) : 1;
    for (let n = 0; n < levels; n++) bytes.byte(117).uint(1);
    value(bytes, chance, depth + 1);
  }
}
