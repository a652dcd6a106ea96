import fs from 'node:fs';
import path from 'node:path';

import { unpackWoff } from './woff.ts';

/** One font file and the signs it has. */
type Face = { readonly name: string; readonly file: string; readonly has: (sign: string) => boolean };

/** Signs of each file, as its publisher states them (`unicode.json`), without what is never seen. */
const scripts = [
  [
    'latin',
    '20-7e a0-ac ae-ff 131 152-153 2bb-2bc 2c6 2da 2dc 2010-2027 2030-205e 20ac 2122 2191 2193 2212 2215',
  ],
  ['vietnamese', '102-103 110-111 128-129 168-169 1a0-1a1 1af-1b0 300-301 303 309 323 1ea0-1ef9 20ab'],
  ['latin-ext', '100-2ba 2bd-2c5 2c7-2cc 2ce-2d7 2dd-2ff 304 308 329 1e00-1e9f 20a0-20c0 2113'],
  ['greek', '370-377 37a-37f 384-38a 38c 38e-3a1 3a3-3ff'],
  ['cyrillic', '400-45f 490-491 4b0-4b1 2116'],
] as const;
const THAI = 'e01-e3a e3f-e5b';

/** Whether a sign is in a list of hexadecimal numbers and ranges. */
function within(list: string): (sign: string) => boolean {
  const ranges = list.split(' ').map((range) => {
    const [from = '', to = from] = range.split('-');
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
  });
  return (sign) => {
    const code = sign.codePointAt(0) ?? 0;
    return ranges.some(([from, to]) => code >= from && code <= to);
  };
}

export type Look = 'regular' | 'strong' | 'mono';

/** In order of preference; the last resort are the numbers of the signs. */
function facesOf(look: Look): Face[] {
  const weight = look === 'strong' ? 600 : 400;
  const family = look === 'mono' ? 'jetbrains-mono' : 'inter';
  const own = scripts.map(([script, has]) => ({
    name: `${family}-${script}-${weight}`,
    file: `${family}-${script}-${weight}-normal.woff`,
    has: within(has),
  }));
  const thai = `noto-sans-thai-thai-${weight}`;
  return [...own, { name: thai, file: `${thai}-normal.woff`, has: within(THAI) }];
}

const faces: Readonly<Record<Look, readonly Face[]>> = {
  regular: facesOf('regular'),
  strong: facesOf('strong'),
  mono: facesOf('mono'),
};

/** Text of one font. */
export type Run = { readonly face: string; readonly text: string };

/** Cuts text by font. Signs that no font has are written by their numbers, so that nothing vanishes or misleads. */
export function runsOf(text: string, look: Look): Run[] {
  const runs: { face: string; text: string }[] = [];
  for (const sign of readable(text)) {
    const last = runs.at(-1);
    const face = faces[look].find(({ has }) => has(sign)) ?? faces[look][0];
    const shown = face?.has(sign)
      ? sign
      : `[U+${sign.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`;
    if (last !== undefined && last.face === face?.name) last.text += shown;
    else runs.push({ face: face?.name ?? '', text: shown });
  }
  return runs;
}

/** Signs that change the order of others, or that nobody sees, are shown as marks. */
function readable(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(
      /[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u00ad]/g,
      (sign) => `[U+${sign.charCodeAt(0).toString(16).toUpperCase()}]`,
    )
    .replaceAll(/\p{Cc}/gu, ' ');
}

/** Reads each font once, when it is first needed. `folder` holds the files that `faces` names. */
export function fontsIn(folder: string): (face: string) => Buffer {
  const read = new Map<string, Buffer>();
  return (face) => {
    const held = read.get(face) ?? unpackWoff(fs.readFileSync(path.join(folder, `${face}-normal.woff`)));
    read.set(face, held);
    return held;
  };
}

/** Every file that a report may need: the build copies them. */
export function fontFiles(): string[] {
  return [...new Set(Object.values(faces).flatMap((some) => some.map(({ file }) => file)))];
}
