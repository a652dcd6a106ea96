import type { KeyboardEvent } from 'react';
import { useText } from '#client/platform/text.ts';
import { utcStamp } from '#client/platform/time.ts';
import { classes } from '#client/ui/classes.ts';
import { Avatar } from '#client/ui/item/avatar.tsx';
import { isEventKind } from '#shared/contracts/event-kinds.ts';
import type { Finding } from '#shared/contracts/review-findings.ts';
import { reviewText } from '../text.ts';
import { FindingPill, SortIcon } from './finding-pills.tsx';
import styles from './findings.module.css';
import { findingsText } from './text.ts';

type Props = {
  readonly findings: readonly Finding[];
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
};

/** Arrows go from one to the next; each is a button. */
export function FindingsList({ findings, chosen, onChoose }: Props) {
  const say = useText('findings', findingsText);
  return (
    <ol className={styles.list} aria-label={say('list')} onKeyDown={walk}>
      {findings.map((finding) => (
        <li key={finding.id}>
          <button
            type="button"
            data-finding={finding.id}
            aria-current={finding.id === chosen || undefined}
            className={classes(styles.item, finding.id === chosen && styles.chosen)}
            onClick={() => onChoose(finding.id)}
          >
            <Item finding={finding} />
          </button>
        </li>
      ))}
    </ol>
  );
}

function Item({ finding }: { readonly finding: Finding }) {
  const say = useText('findings', findingsText);
  const sayEntry = useText('review', reviewText);
  const { sort, title, by, at, pinned, answers } = finding;
  const act = isEventKind(pinned.kind) ? sayEntry(`kind.${pinned.kind}`) : '';
  return (
    <>
      <span className={styles.itemSort} data-sort={sort} title={say(`sort.${sort}`)}>
        <SortIcon sort={sort} size={16} />
        <span className="visually-hidden">{say(`sort.${sort}`)}</span>
      </span>
      <span className={styles.itemTitle}>{title || say(`sort.${sort}`)}</span>
      <FindingPill finding={finding} />
      <span className={styles.itemAbout}>
        {say('about-line', { seq: pinned.seq })}
        {pinned.by && ` · ${pinned.by.name} ${pinned.by.country}`}
        {act && ` ${act}`}
      </span>
      <span className={styles.itemBy}>
        <Avatar person={by} size={18} />
        {by.name} <span>{by.country}</span>
        <time dateTime={at}>{utcStamp(at)}</time>
        {answers.length > 0 && <span>{say('answers', { count: answers.length })}</span>}
      </span>
    </>
  );
}

function walk(event: KeyboardEvent<HTMLElement>): void {
  const lines = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-finding]')];
  const here = lines.findIndex((line) => line.contains(document.activeElement));
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: lines.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  lines[Math.max(0, Math.min(lines.length - 1, to))]?.focus();
}
