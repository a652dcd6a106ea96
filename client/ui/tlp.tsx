import type { Tlp as TlpLabel } from '#shared/policy/markings.ts';
import styles from './tlp.module.css';

/** A marking in the colours of FIRST TLP 2.0. Never translated, never a tint. */
export function Tlp({ label }: { readonly label: TlpLabel }) {
  const colour = label === 'AMBER+STRICT' ? 'AMBER' : label;
  return <span className={`${styles.tlp} ${styles[colour]}`}>TLP:{label}</span>;
}
