import type { ComponentProps } from 'react';

import { classes } from '../classes.ts';
import styles from './button.module.css';

type ButtonProps = ComponentProps<'button'> & {
  readonly look?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly wide?: boolean;
  /** While true it cannot be pressed again, and says that it is at work. */
  readonly busy?: boolean;
};

export function Button({ look = 'plain', wide, busy, className, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={classes(styles.button, look !== 'plain' && styles[look], wide && styles.wide, className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
    />
  );
}

type IconButtonProps = Omit<ComponentProps<'button'>, 'aria-label'> & { readonly label: string };

/** A button that is only an icon; `label` is its name and its title. */
export function IconButton({ label, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      title={label}
      {...rest}
      aria-label={label}
      className={classes(styles.icon, className)}
    />
  );
}

/** For links that look like buttons. */
export const buttonClass = styles.button ?? '';
