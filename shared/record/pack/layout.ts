import { parseTilePath, type Tile, tilePath } from '../tiles.ts';

/** Where everything lies inside a pack, below its one folder (BagIt, RFC 8493). [RC-70] */
export const places = {
  bagit: 'bagit.txt',
  info: 'bag-info.txt',
  manifest: 'manifest-sha256.txt',
  tagManifest: 'tagmanifest-sha256.txt',
  /** Outside the tag manifest, which it signs. */
  seal: 'seal.txt',
  about: 'data/pack.json',
  readme: 'data/README.txt',
  checkpoint: 'data/log/checkpoint',
  withheld: 'data/log/withheld.txt',
  keys: 'data/trust/keys.txt',
  policy: 'data/trust/policy.txt',
  custody: 'data/custody.csv',
  html: 'data/report/report.html',
  pdf: 'data/report/report.pdf',
  tool: 'data/tools/verify.mjs',
} as const;

export const entryPlace = (seq: number) => `data/entries/${seq}.json`;
export const saltPlace = (seq: number) => `data/payload/${seq}.salt`;
export const contentPlace = (seq: number) => `data/payload/${seq}.bin`;
export const proofPlace = (seq: number) => `data/proofs/${seq}.tlog-proof`;
export const tilePlace = (tile: Tile) => `data/log/${tilePath(tile)}`;
export const personPlace = (id: string) => `data/people/${id}.json`;
export const boardPlace = (id: string, part: BoardPart) => `data/board/${id}/${part}`;

export type BoardPart = 'updates.txt' | 'state.yjs' | 'state.json';

/** What a file is, by its place; null for what no pack has. */
export type Placed =
  | { readonly kind: 'entry' | 'salt' | 'content' | 'proof'; readonly seq: number }
  | { readonly kind: 'tile'; readonly tile: Tile }
  | { readonly kind: 'board'; readonly board: string; readonly part: BoardPart }
  | { readonly kind: 'person'; readonly id: string }
  /** An attachment, named by the SHA-256 of its bytes. Muster writes none yet. */
  | { readonly kind: 'file'; readonly sha256: string }
  | { readonly kind: 'fixed'; readonly place: string };

const numbered = [
  ['entry', /^data\/entries\/(0|[1-9]\d{0,15})\.json$/],
  ['salt', /^data\/payload\/(0|[1-9]\d{0,15})\.salt$/],
  ['content', /^data\/payload\/(0|[1-9]\d{0,15})\.bin$/],
  ['proof', /^data\/proofs\/(0|[1-9]\d{0,15})\.tlog-proof$/],
] as const;
const fixed: ReadonlySet<string> = new Set(Object.values(places));

export function placeOf(path: string): Placed | null {
  if (fixed.has(path)) return { kind: 'fixed', place: path };
  for (const [kind, shape] of numbered) {
    const seq = shape.exec(path)?.[1];
    if (seq !== undefined) return { kind, seq: Number(seq) };
  }
  const tile = path.startsWith('data/log/') ? parseTilePath(path.slice('data/log/'.length)) : null;
  if (tile !== null) return { kind: 'tile', tile };
  const [, board, part] =
    /^data\/board\/([0-9a-f]{32})\/(updates\.txt|state\.yjs|state\.json)$/.exec(path) ?? [];
  if (board !== undefined) return { kind: 'board', board, part: part as BoardPart };
  const person = /^data\/people\/([0-9a-f]{32})\.json$/.exec(path)?.[1];
  if (person !== undefined) return { kind: 'person', id: person };
  const sum = /^data\/files\/([0-9a-f]{64})$/.exec(path)?.[1];
  return sum === undefined ? null : { kind: 'file', sha256: sum };
}

/** The entry that a file belongs to, if it belongs to one. */
export function entryOf(path: string): number | null {
  const placed = placeOf(path);
  return placed !== null && 'seq' in placed ? placed.seq : null;
}
