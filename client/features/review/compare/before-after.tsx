import type { ReactNode } from 'react';
import { useText } from '#client/platform/text.ts';
import styles from './before-after.module.css';
import { compareText } from './text.ts';

type Props = {
  /** null where there was nothing; not given where that is said already. */
  readonly before?: ReactNode;
  readonly after?: ReactNode;
};

/** The two moments side by side; on a phone one over the other. A single one stands alone. */
export function BeforeAfter({ before, after }: Props) {
  const say = useText('compare', compareText);
  return (
    <div className={styles.pair}>
      {before !== undefined && (
        <Side name={say('before')} says={say('before-says')} none={say('was-not')} look="before">
          {before}
        </Side>
      )}
      {after !== undefined && (
        <Side name={say('after')} says={say('after-says')} none={say('is-not')} look="after">
          {after}
        </Side>
      )}
    </div>
  );
}

type SideProps = {
  readonly name: string;
  readonly says: string;
  readonly none: string;
  readonly look: 'before' | 'after';
  readonly children: ReactNode;
};

function Side({ name, says, none, look, children }: SideProps) {
  return (
    <div className={styles.side} data-look={look} data-none={children === null}>
      <span className={styles.name} aria-hidden="true">
        {name}
      </span>
      <span className="visually-hidden">{says}: </span>
      <div className={styles.content}>{children ?? <span className={styles.none}>{none}</span>}</div>
    </div>
  );
}
