import { type ComponentProps, type ReactNode, useId } from 'react';

import { classes } from '../classes.ts';
import styles from './field.module.css';

type Around = {
  readonly label: string;
  /** Keeps the label for screen readers only. */
  readonly bare?: boolean;
  readonly small?: boolean;
  readonly mono?: boolean;
  readonly hint?: ReactNode;
  readonly wrong?: string | null | undefined;
};

type Inner = { readonly id: string; readonly 'aria-invalid'?: true; readonly 'aria-describedby'?: string };

function Frame({
  label,
  bare,
  small,
  mono,
  hint,
  wrong,
  control,
}: Around & { control: (inner: Inner) => ReactNode }) {
  const id = useId();
  const noteId = `${id}-note`;
  const noted = Boolean(wrong || hint);
  return (
    <div className={classes(styles.field, small && styles.small, mono && styles.mono)}>
      <label htmlFor={id} className={bare ? 'visually-hidden' : styles.label}>
        {label}
      </label>
      {control({
        id,
        ...(wrong ? { 'aria-invalid': true } : {}),
        ...(noted ? { 'aria-describedby': noteId } : {}),
      })}
      {noted && (
        <div id={noteId} className={classes(styles.note, Boolean(wrong) && styles.wrong)}>
          {wrong || hint}
        </div>
      )}
    </div>
  );
}

type TextFieldProps = Around & Omit<ComponentProps<'input'>, 'id' | 'className'>;

export function TextField({ label, bare, small, mono, hint, wrong, ...input }: TextFieldProps) {
  const around = { label, hint, wrong, ...given({ bare, small, mono }) };
  return <Frame {...around} control={(inner) => <input {...input} {...inner} className={styles.input} />} />;
}

type TextAreaProps = Around & Omit<ComponentProps<'textarea'>, 'id' | 'className'>;

export function TextArea({ label, bare, small, mono, hint, wrong, ...input }: TextAreaProps) {
  const around = { label, hint, wrong, ...given({ bare, small, mono }) };
  return (
    <Frame {...around} control={(inner) => <textarea {...input} {...inner} className={styles.input} />} />
  );
}

type SelectProps<T extends string> = Around & {
  readonly value: T;
  readonly onPick: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly disabled?: boolean;
};

/** The platform's own list: it works with every keyboard, reader and phone. */
export function Select<T extends string>(props: SelectProps<T>) {
  const { label, bare, small, mono, hint, wrong, value, onPick, options, disabled } = props;
  const pick = (text: string) => {
    const option = options.find((each) => each.value === text);
    if (option) onPick(option.value);
  };
  return (
    <Frame
      {...{ label, hint, wrong, ...given({ bare, small, mono }) }}
      control={(inner) => (
        <select
          {...inner}
          className={styles.input}
          value={value}
          disabled={disabled}
          onChange={(event) => pick(event.target.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    />
  );
}

export function Checkbox({
  label,
  ...input
}: { readonly label: ReactNode } & Omit<ComponentProps<'input'>, 'type'>) {
  return (
    <label className={styles.check}>
      <input {...input} type="checkbox" />
      <span>{label}</span>
    </label>
  );
}

function given(flags: { bare: boolean | undefined; small: boolean | undefined; mono: boolean | undefined }) {
  return { bare: flags.bare ?? false, small: flags.small ?? false, mono: flags.mono ?? false };
}
