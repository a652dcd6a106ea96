import { IconPrinter } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Tlp } from '#client/ui/tlp.tsx';
import type { Tlp as TlpLabel } from '#shared/policy/markings.ts';
import styles from './print.module.css';
import { momentsText } from './text.ts';

type Props = {
  /** Name of the operation, and of the page. */
  readonly name: string;
  readonly title: string;
  /** The strictest of what is shown. */
  readonly marking: TlpLabel;
  /** Which moments. */
  readonly when: string;
  readonly children: ReactNode;
};

/** What is printed: the page alone, with its marking at the head and foot of every sheet. [RV-24] */
export function PrintFrame({ name, title, marking, when, children }: Props) {
  return (
    <table className={styles.sheet} role="presentation">
      <thead>
        <tr>
          <td>
            <div className={styles.band}>
              <b>{name}</b> {title}
              <span className={styles.space} />
              {when}
              <Tlp label={marking} />
            </div>
          </td>
        </tr>
      </thead>
      <tfoot>
        <tr>
          <td>
            <div className={styles.band}>
              <Tlp label={marking} />
              <span className={styles.space} />
              <b>{name}</b>
            </div>
          </td>
        </tr>
      </tfoot>
      <tbody>
        <tr>
          <td>{children}</td>
        </tr>
      </tbody>
    </table>
  );
}

export function PrintButton() {
  const say = useText('moments', momentsText);
  return (
    <Button look="quiet" className={styles.button ?? ''} onClick={() => window.print()}>
      <IconPrinter size={15} />
      {say('print')}
    </Button>
  );
}
