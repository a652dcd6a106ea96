import type { ReactFlowInstance } from '@xyflow/react';
import { useMemo } from 'react';

import { randomBytes } from '#client/platform/clock.ts';
import { toastFailure } from '#client/ui/overlays/toast.tsx';
import {
  addCard,
  type Card,
  type CardKind,
  deleteCards,
  editCard,
  moveCards,
  type NewCard,
} from '#shared/board/card.ts';
import { newCardId, newFrameId, newLinkId } from '#shared/board/document.ts';
import { addFrame, deleteFrames, moveFrame } from '#shared/board/frame.ts';
import { boardLimits } from '#shared/board/limits.ts';
import { connect, deleteLinks } from '#shared/board/link.ts';
import { Refusal } from '#shared/kernel/failures.ts';
import { asId } from '#shared/kernel/ids.ts';

import { type BoardDesk, type BoardSlots, useBoardsText } from '../board-context.ts';
import type { BoardNode, LinkEdge } from '../canvas/flow.ts';
import type { IndicatorDrop } from '../model/indicator-drop.ts';
import { around, frameAt, guessedSize, type Point } from '../model/place.ts';
import type { OpenDialog } from '../panels/board-dialogs.tsx';
import type { BoardFocus } from './use-focus.ts';

const random = { bytes: randomBytes };

/** What an officer does to the board, by whichever key, button or gesture. Without a place: in the middle of the view. */
export type BoardCommands = {
  readonly addCard: (kind: CardKind, at?: Point) => void;
  readonly addIndicator: (indicator: IndicatorDrop, at?: Point) => void;
  readonly addFrame: (at: Point) => void;
  /** Around the selected cards; with none selected, where the next click is. */
  readonly frame: () => void;
  readonly connect: (from: string, to: string) => void;
  readonly deleteSelection: () => void;
  readonly move: (by: Point) => void;
  readonly selectAll: () => void;
  readonly fit: () => void;
  /** Opens or closes it. */
  readonly history: () => void;
  readonly open: (dialog: OpenDialog) => void;
};

export type CommandDeps = {
  readonly desk: BoardDesk;
  readonly slots: BoardSlots;
  readonly focus: BoardFocus;
  readonly flow: ReactFlowInstance<BoardNode, LinkEdge>;
  /** The middle of what is on screen, in board units. */
  readonly middle: () => Point;
  readonly open: (dialog: OpenDialog) => void;
  readonly placeFrame: () => void;
  readonly announce: (words: string) => void;
  /** Brings the keys back to the board when what had them is gone. */
  readonly home: () => void;
  readonly history: () => void;
};

export function useCommands(deps: CommandDeps): BoardCommands {
  const say = useBoardsText();
  const { desk, slots, focus, flow, middle, open, placeFrame, announce, home, history } = deps;
  return useMemo(() => {
    const { addCardAt, addIndicatorAt } = adding({ desk, slots, middle });
    return {
      addCard: (kind, at) => {
        const id = attempt(() => addCardAt(kind, at));
        if (!id) return;
        focus.selectOnly(id);
        focus.edit(id);
        announce(say('addedCard', { kind: say(`kind_${kind}`) }));
      },
      addIndicator: (indicator, at) => {
        const id = attempt(() => addIndicatorAt(indicator, at));
        if (!id) return;
        focus.selectOnly(id);
        announce(say('addedCard', { kind: say('kind_indicator') }));
      },
      addFrame: ({ x, y }) => {
        const id = attempt(() => putFrame(desk, { x, y, w: 320, h: 220 }, []));
        if (!id) return;
        focus.selectOnly(id);
        focus.edit(id);
      },
      frame: () => {
        const { cards } = desk.store.snapshot();
        const chosen = [...cards.values()].filter((card) => focus.selection.has(card.id));
        if (chosen.length === 0) return placeFrame();
        const boxes = chosen.map((card) => {
          const { measured } = flow.getNode(card.id) ?? {};
          const guess = guessedSize(card);
          return { ...card, width: measured?.width ?? guess.width, height: measured?.height ?? guess.height };
        });
        const id = attempt(() => putFrame(desk, around(boxes), chosen));
        if (!id) return;
        focus.selectOnly(id);
        focus.edit(id);
      },
      connect: (from, to) => {
        const id = newLinkId(random);
        attempt(() =>
          desk.editing.act(null, (doc, origin) =>
            connect(doc, { id, from: asId(from), to: asId(to) }, origin),
          ),
        );
        if (!desk.store.snapshot().links.has(id)) return;
        focus.chooseLink(id);
        announce(say('linked'));
      },
      deleteSelection: () => {
        const ids = [...focus.selection];
        const { cards, frames } = desk.store.snapshot();
        const chosen = ids.flatMap((id) => cards.get(id) ?? []);
        for (const [at, part] of deletable(chosen).entries()) {
          desk.editing.act(null, (doc, origin) => {
            deleteCards(doc, part, origin);
            if (at > 0) return;
            deleteFrames(
              doc,
              ids.filter((id) => frames.has(id)),
              origin,
            );
            if (focus.link) deleteLinks(doc, [focus.link], origin);
          });
        }
        focus.selectOnly();
        home();
        if (ids.length > 0) announce(say('deletedCards', { count: ids.length }));
      },
      move: (by) => moveSelection(desk, focus.selection, by),
      selectAll: () => focus.select(() => new Set(desk.store.snapshot().cards.keys())),
      fit: () => void flow.fitView({ padding: 0.15, maxZoom: 1, duration: 200 }),
      history,
      open,
    };
  }, [desk, slots, focus, flow, middle, open, placeFrame, announce, home, history, say]);
}

function adding({ desk, slots, middle }: Pick<CommandDeps, 'desk' | 'slots' | 'middle'>) {
  const add = (card: Pick<NewCard, 'kind' | 'tlp'> & Partial<NewCard>, at: Point | undefined) => {
    const { x, y } = at ?? { x: middle().x - 104, y: middle().y - 40 };
    const { cards, frames } = desk.store.snapshot();
    const id = newCardId(random);
    const frame = frameAt(frames.values(), { x: x + 104, y: y + 30 })?.id ?? null;
    const z = Math.max(0, ...[...cards.values()].map((one) => one.z)) + (cards.size === 0 ? 0 : 1);
    const made = { ...card, id, x, y, frame, z, createdBy: slots.me.officer };
    desk.editing.act(null, (doc, origin) => addCard(doc, made, origin));
    return id;
  };
  return {
    addCardAt: (kind: CardKind, at?: Point) => add({ kind, tlp: slots.defaultTlp ?? 'AMBER' }, at),
    addIndicatorAt: ({ id, title, tlp }: IndicatorDrop, at?: Point) => {
      const words = title.slice(0, boardLimits.title);
      return add({ kind: 'indicator', tlp, title: words, ref: { kind: 'indicator', id } }, at);
    },
  };
}

type Rect = Point & { readonly w: number; readonly h: number };

function putFrame(desk: BoardDesk, rect: Rect, cards: readonly { readonly id: string }[]) {
  const id = newFrameId(random);
  desk.editing.act(null, (doc, origin) => {
    addFrame(doc, { id, title: '', ...rect }, origin);
    for (const card of cards) editCard(doc, { id: asId(card.id), frame: id }, origin);
  });
  return id;
}

/** About what the return of the cards, with their links, may take: the hub takes 256 KiB as one change. */
const MOST_BYTES = 160_000;

/** Ids in parts that can be undone as one change each; at least one part. */
function deletable(cards: readonly Card[]): string[][] {
  const parts: string[][] = [[]];
  let room = MOST_BYTES;
  for (const { id, title, text } of cards) {
    const bytes = 800 + 3 * (title.length + text.length);
    if (bytes > room && parts.at(-1)?.length !== 0) {
      parts.push([]);
      room = MOST_BYTES;
    }
    parts.at(-1)?.push(id);
    room -= bytes;
  }
  return parts;
}

function moveSelection(desk: BoardDesk, selection: ReadonlySet<string>, by: Point): void {
  const { cards, frames } = desk.store.snapshot();
  const key = `keys-${[...selection].join()}`;
  desk.editing.act(key, (doc, origin) => {
    for (const frame of frames.values()) {
      if (selection.has(frame.id))
        moveFrame(doc, { id: frame.id, x: frame.x + by.x, y: frame.y + by.y }, origin);
    }
    const moved = [...cards.values()].filter((card) => selection.has(card.id));
    moveCards(
      doc,
      moved.map(({ id, x, y }) => ({ id, x: x + by.x, y: y + by.y })),
      origin,
    );
  });
}

/** A limit that was reached is said in passing; the board stays as it was. */
function attempt<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    toastFailure(error);
    return null;
  }
}
