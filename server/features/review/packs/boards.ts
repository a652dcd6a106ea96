import { readBoard } from '#shared/board/read-board.ts';
import { growBoard } from '#shared/board/rebuild.ts';

/** A board as the report lists it. Plain data: it crosses threads. */
export type BoardShown = {
  readonly id: string;
  readonly title: string;
  /** `whole`, or why it cannot be shown. */
  readonly state: string;
  readonly cards: readonly {
    readonly frame: string;
    readonly kind: string;
    readonly title: string;
    readonly text: string;
    readonly tlp: string;
  }[];
  readonly links: readonly { readonly from: string; readonly label: string; readonly to: string }[];
};

/** Cards by frame and title, links by the titles of their ends. */
export function listBoard(changes: readonly Uint8Array[]): Pick<BoardShown, 'cards' | 'links'> {
  const { cards, links, frames } = readBoard(growBoard(changes));
  const frameTitle = new Map<string, string>(frames.map(({ id, title }) => [id, title]));
  const titleOf = new Map<string, string>(cards.map(({ id, title, kind }) => [id, title || kind]));
  const listed = cards.map(({ frame, kind, title, text, tlp }) => ({
    frame: frame === null ? '' : (frameTitle.get(frame) ?? ''),
    kind,
    title,
    text,
    tlp,
  }));
  return {
    cards: listed.sort((a, b) => order(a.frame, b.frame) || order(a.title, b.title)),
    links: links.map(({ from, label, to }) => ({
      from: titleOf.get(from) ?? from,
      label,
      to: titleOf.get(to) ?? to,
    })),
  };
}

/** By code units: the same on every machine. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
