import { boardEngineLimits as limits } from '../limits.ts';
import { Malformed, type StrictReader } from './strict-reader.ts';

const types = { array: 0, map: 1, text: 2, xmlElement: 3, xmlFragment: 4, xmlHook: 5, xmlText: 6 } as const;

/** Walks over the content of one struct and returns how many clocks it takes. Documents within documents are refused. */
export function skipContent(reader: StrictReader, kind: number): number {
  switch (kind) {
    case 1:
      return atLeastOne(reader.uint(), limits.deletedRun);
    case 3:
      reader.bytes();
      return 1;
    case 4:
      return atLeastOne(reader.text().length, limits.update * 4);
    case 5:
      readJson(reader.text());
      return 1;
    case 6:
      refuseKey(reader.text());
      readJson(reader.text());
      return 1;
    case 7:
      skipType(reader);
      return 1;
    case 8:
      return skipValues(reader);
    default:
      throw new Malformed('content that boards do not hold');
  }
}

function atLeastOne(length: number, most: number): number {
  if (length === 0 || length > most) throw new Malformed('a length out of range');
  return length;
}

function skipType(reader: StrictReader): void {
  const type = reader.uint();
  if (type > types.xmlText) throw new Malformed('an unknown type');
  if (type === types.xmlElement || type === types.xmlHook) refuseKey(reader.text());
}

function skipValues(reader: StrictReader): number {
  const count = reader.uint();
  for (let left = count; left > 0; left--) skipValue(reader, 0);
  return atLeastOne(count, limits.update * 4);
}

/** Tags of `lib0` values, from 127 down. */
function skipValue(reader: StrictReader, depth: number): void {
  if (depth > limits.depth) throw new Malformed('a value too deep');
  const tag = reader.byte();
  switch (tag) {
    case 127:
    case 126:
    case 121:
    case 120:
      return;
    case 125:
      reader.int();
      return;
    case 124:
      reader.take(4);
      return;
    case 123:
    case 122:
      reader.take(8);
      return;
    case 119:
      reader.text();
      return;
    case 118:
      for (let left = reader.uint(); left > 0; left--) {
        refuseKey(reader.text());
        skipValue(reader, depth + 1);
      }
      return;
    case 117:
      for (let left = reader.uint(); left > 0; left--) skipValue(reader, depth + 1);
      return;
    case 116:
      reader.bytes();
      return;
    default:
      throw new Malformed('an unknown value');
  }
}

function refuseKey(key: string): void {
  if (key === '__proto__') throw new Malformed('a forbidden key');
}

/** JSON of a client that is no deeper than boards are, and has no key that means something to JavaScript. */
export function readJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Malformed(`not JSON: ${String(cause)}`);
  }
  checkDepth(value, 0);
  return value;
}

function checkDepth(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > limits.depth) throw new Malformed('a value too deep');
  for (const [key, member] of Object.entries(value)) {
    refuseKey(key);
    checkDepth(member, depth + 1);
  }
}
