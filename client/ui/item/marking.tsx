import { IconChevronDown } from '@tabler/icons-react';

import { type Handling, type Tlp as TlpLabel, tlpLabels } from '#shared/policy/markings.ts';
import { Menu, MenuItem, MenuLabel } from '../overlays/menu.tsx';
import { Tlp } from '../tlp.tsx';
import styles from './marking.module.css';

/** What an item gets when nobody says otherwise. */
export const usualHandling: Handling = {
  tlp: 'AMBER',
  pap: 'AMBER',
  code: 'H0',
  caveat: '',
  evaluation: null,
};

type Props = {
  readonly value: TlpLabel;
  readonly onPick: (label: TlpLabel) => void;
  readonly label: string;
  /** What each label lets receivers do, shown beside it. */
  readonly says: (label: TlpLabel) => string;
  readonly inPlace?: boolean;
};

/** The marking, and a menu to choose another. */
export function MarkingMenu({ value, onPick, label, says, inPlace = false }: Props) {
  const target = (
    <button type="button" className={styles.target} aria-label={`${label}: TLP:${value}`} title={label}>
      <Tlp label={value} />
      <IconChevronDown size={12} />
    </button>
  );
  return (
    <Menu target={target} side="top-start" inPlace={inPlace}>
      <MenuLabel>{label}</MenuLabel>
      {tlpLabels.map((each) => (
        <MenuItem key={each} onPick={() => onPick(each)}>
          <span className={styles.choice}>
            <Tlp label={each} />
            <span className={styles.says}>{says(each)}</span>
          </span>
        </MenuItem>
      ))}
    </Menu>
  );
}
