import { IconEyeOff } from '@tabler/icons-react';
import { useText } from '#client/platform/text.ts';
import { classes } from '#client/ui/classes.ts';
import { Tlp } from '#client/ui/tlp.tsx';
import type { IndicatorId, OperationId } from '#shared/kernel/ids.ts';
import styles from './card.module.css';
import { indicatorsText } from './text.ts';
import { TypeIcon, typeLabel } from './type-icon.tsx';
import { useIndicator } from './use-indicators.ts';

type Props = { readonly operationId: OperationId; readonly id: IndicatorId };

/** An indicator at a glance, for the inside of a board card: kind, value, marking, originator, evaluation. */
export function RegisterCard({ operationId, id }: Props) {
  const say = useText('indicators', indicatorsText);
  const read = useIndicator(operationId, id);
  if (read.isPending) return <div className={styles.wait} role="status" aria-label={say('card.loading')} />;
  if (read.isError)
    return (
      <div className={styles.withheld}>
        <IconEyeOff size={14} />
        {say('card.gone')}
      </div>
    );
  const { type, display, handling, originator, state, confidence } = read.data;
  return (
    <div className={classes(styles.card, state === 'withdrawn' && styles.gone)}>
      <div className={styles.cardTop}>
        <TypeIcon type={type} size={13} />
        <span>{typeLabel(type)}</span>
        <Tlp label={handling.tlp} />
      </div>
      <div className={styles.cardValue}>{display}</div>
      <div className={styles.cardFoot}>
        <b>{originator}</b>
        {handling.evaluation && <span>{handling.evaluation.grade}</span>}
        {confidence !== null && <span>{confidence} %</span>}
        {state === 'withdrawn' && <span className={styles.bad}>{say('withdrawn')}</span>}
      </div>
    </div>
  );
}

/** An indicator in a line of text. */
export function IndicatorChip({
  operationId,
  id,
  onOpen,
}: Props & { readonly onOpen: (id: IndicatorId) => void }) {
  const say = useText('indicators', indicatorsText);
  const read = useIndicator(operationId, id);
  if (read.isPending) return <span className={styles.chip}>…</span>;
  if (read.isError) return <span className={styles.chip}>{say('card.gone')}</span>;
  return (
    <button type="button" className={styles.chip} onClick={() => onOpen(id)}>
      <TypeIcon type={read.data.type} size={13} />
      <span>{read.data.display}</span>
      <Tlp label={read.data.handling.tlp} />
    </button>
  );
}
