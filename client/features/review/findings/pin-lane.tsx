import type { CSSProperties } from 'react';
import { useText } from '#client/platform/text.ts';
import type { Finding } from '#shared/contracts/review-findings.ts';
import type { Mark } from './findings.ts';
import styles from './pin-lane.module.css';
import { findingsText } from './text.ts';

type Props = {
  readonly label: string;
  readonly marks: readonly Mark[];
  readonly onPick: (finding: Finding) => void;
};

/** Findings along a scale that lies under this: hours of a strip, or places of the record. */
export function PinLane({ label, marks, onPick }: Props) {
  const say = useText('findings', findingsText);
  if (marks.length === 0) return null;
  return (
    <ul className={styles.lane} aria-label={label}>
      {marks.map(({ along, row = 0, findings }) => {
        const [first] = findings;
        if (first === undefined) return null;
        const { sort, state, title, pinned } = first;
        const more = { count: findings.length, seq: pinned.seq, title };
        const one = { sort: say(`sort.${sort}`), state: say(`state.${state}`), title, seq: pinned.seq };
        const name = findings.length === 1 ? say('mark.one', one) : say('mark.more', more);
        const style: CSSProperties = { '--along': along, '--row': row };
        return (
          <li key={`${row}:${along}`} style={style}>
            <button
              type="button"
              data-open={findings.some((each) => each.state !== 'concluded')}
              aria-label={name}
              title={name}
              onClick={() => onPick(first)}
            />
          </li>
        );
      })}
    </ul>
  );
}
