import styles from './debrief.module.css';

type Props = { readonly id: string; readonly title: string; readonly says?: string };

export function PartHead({ id, title, says }: Props) {
  return (
    <div className={styles.partHead}>
      <h3 id={id}>{title}</h3>
      {says && <p>{says}</p>}
    </div>
  );
}
