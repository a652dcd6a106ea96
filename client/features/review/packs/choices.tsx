import { useId } from 'react';

import styles from './packs.module.css';

type Props<T extends string> = {
  readonly title: string;
  /** `null` while nothing is chosen. */
  readonly value: T | null;
  readonly onPick: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly label: string; readonly says: string }[];
};

/** One of a few, each with a sentence: the browser's own radio buttons. */
export function Choices<T extends string>({ title, value, onPick, options }: Props<T>) {
  const name = useId();
  return (
    <fieldset className={styles.choices}>
      <legend>{title}</legend>
      <div className={styles.options} data-count={options.length}>
        {options.map((option) => (
          <label key={option.value} className={styles.option}>
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              onChange={() => onPick(option.value)}
            />
            <span className={styles.optionLabel}>{option.label}</span>
            <span className={styles.optionSays}>{option.says}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
