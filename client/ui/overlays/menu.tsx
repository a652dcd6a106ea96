import { Menu as Base } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';

import styles from './menu.module.css';

const classNames = {
  dropdown: styles.dropdown ?? '',
  item: styles.item ?? '',
  itemSection: styles.section ?? '',
  label: styles.label ?? '',
  divider: styles.divider ?? '',
};

type MenuProps = {
  /** The button that opens it. */
  readonly target: ReactElement;
  readonly children: ReactNode;
  readonly side?: 'bottom-end' | 'bottom-start' | 'top-start' | 'top-end';
  /** Inside a dialog the menu has to stay in the dialog's layer. */
  readonly inPlace?: boolean;
};

export function Menu({ target, children, side = 'bottom-end', inPlace = false }: MenuProps) {
  return (
    <Base
      position={side}
      offset={6}
      withinPortal={!inPlace}
      classNames={classNames}
      transitionProps={{ duration: 0 }}
      zIndex={300}
    >
      <Base.Target>{target}</Base.Target>
      <Base.Dropdown>{children}</Base.Dropdown>
    </Base>
  );
}

export function MenuItem(props: {
  readonly onPick: () => void;
  readonly icon?: ReactNode;
  readonly right?: ReactNode;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <Base.Item
      onClick={props.onPick}
      leftSection={props.icon}
      rightSection={props.right}
      disabled={props.disabled ?? false}
    >
      {props.children}
    </Base.Item>
  );
}

export function MenuLabel({ children }: { readonly children: ReactNode }) {
  return <Base.Label>{children}</Base.Label>;
}

export function MenuDivider() {
  return <Base.Divider />;
}
