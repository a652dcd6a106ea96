import { useText } from '#client/platform/text.ts';
import styles from './board-map.module.css';
import { type Box, boxOf, type RecordChange } from './by-record.ts';
import { compareText } from './text.ts';
import type { BoardCompared } from './use-compare.ts';

type Props = {
  readonly board: BoardCompared;
  readonly changes: readonly RecordChange[];
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
};

const looks = ['added', 'edited', 'moved', 'deleted'] as const;
const MARGIN = 40;

/** The board from above, with what changed in colour and where it moved from. The list beside it says the same in words. */
export function BoardMap({ board, changes, chosen, onChoose }: Props) {
  const say = useText('compare', compareText);
  const drawn = changes.flatMap((change) => {
    const [was, is] = [boxOf(change.before), boxOf(change.after)];
    return was === null && is === null ? [] : [{ ...change, was, is }];
  });
  const still = board.still.flatMap((one) => {
    const box = boxOf(one);
    return box === null ? [] : [{ ...one, box }];
  });
  const boxes = [...drawn.flatMap(({ was, is }) => [was, is]), ...still.map(({ box }) => box)];
  const view = viewOf(boxes.filter((box) => box !== null));
  if (view === null) return null;
  return (
    <figure className={styles.map}>
      <svg
        viewBox={`${view.x} ${view.y} ${view.w} ${view.h}`}
        role="img"
        aria-label={say('board.drawn')}
        preserveAspectRatio="xMidYMid meet"
      >
        {still.map(({ id, frame, box }) => (
          <g key={id}>
            <rect className={frame === null ? styles.still : styles.frame} {...rectOf(box)} rx={10} />
            {frame !== null && (
              <text x={box.x + 12} y={box.y + 32} className={styles.frameName}>
                {shortened(frame, box.w)}
              </text>
            )}
          </g>
        ))}
        {drawn.map(({ id, record, name, look, was, is }) => {
          const here = is ?? was;
          if (here === null) return null;
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the list beside it does the same from the keyboard.
            <g
              key={id}
              className={styles.changed}
              data-look={look}
              data-frame={record === 'frame'}
              data-chosen={id === chosen}
              onClick={() => onChoose(id)}
            >
              {was !== null && is !== null && apart(was, is) && (
                <>
                  <rect className={styles.ghost} {...rectOf(was)} rx={10} />
                  <path className={styles.way} d={wayOf(was, is)} />
                </>
              )}
              <rect className={styles.box} {...rectOf(here)} rx={10} />
              <text x={here.x + 12} y={here.y + 34} className={styles.label}>
                {shortened(name, here.w)}
              </text>
              <title>{`${name || say('untitled')}: ${say(`legend.${look}`)}`}</title>
            </g>
          );
        })}
      </svg>
      <figcaption className={styles.legend}>
        {looks
          .filter((look) => drawn.some((one) => one.look === look))
          .map((look) => (
            <span key={look} data-look={look}>
              {say(`legend.${look}`)}
            </span>
          ))}
      </figcaption>
    </figure>
  );
}

function rectOf({ x, y, w, h }: Box) {
  return { x, y, width: w, height: h };
}

/** Less than this is a slip of the hand. */
const SLIP = 8;

function apart(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) > SLIP || Math.abs(a.y - b.y) > SLIP;
}

function wayOf(a: Box, b: Box): string {
  return `M${a.x + a.w / 2} ${a.y + a.h / 2} L${b.x + b.w / 2} ${b.y + b.h / 2}`;
}

/** Letters of the map are about this wide in its own units. */
const LETTER = 15;

function shortened(name: string, width: number): string {
  const most = Math.max(3, Math.floor((width - 24) / LETTER));
  return name.length > most ? `${name.slice(0, most - 1).toWellFormed()}…` : name;
}

function viewOf(boxes: readonly Box[]): Box | null {
  if (boxes.length === 0) return null;
  const x = Math.min(...boxes.map((box) => box.x)) - MARGIN;
  const y = Math.min(...boxes.map((box) => box.y)) - MARGIN;
  const right = Math.max(...boxes.map((box) => box.x + box.w)) + MARGIN;
  const bottom = Math.max(...boxes.map((box) => box.y + box.h)) + MARGIN;
  return { x, y, w: right - x, h: bottom - y };
}
