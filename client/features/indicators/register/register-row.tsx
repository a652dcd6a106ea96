import { type DragEvent, memo } from 'react';
import { useText } from '#client/platform/text.ts';
import { classes } from '#client/ui/classes.ts';
import { Time } from '#client/ui/item/time.tsx';
import { Tlp } from '#client/ui/tlp.tsx';
import type { Indicator } from '#shared/contracts/indicators.ts';
import type { IndicatorId } from '#shared/kernel/ids.ts';
import { indicatorDrag } from '../indicator-drag.ts';
import { indicatorsText } from '../text.ts';
import { TypeIcon, typeLabel } from '../type-icon.tsx';
import styles from './register.module.css';

type Props = {
  readonly indicator: Indicator;
  readonly top: number;
  readonly height: number;
  readonly wide: boolean;
  readonly chosen: boolean;
  readonly onOpen: (id: IndicatorId) => void;
};

export const RegisterRow = memo(function RegisterRow({
  indicator,
  top,
  height,
  wide,
  chosen,
  onOpen,
}: Props) {
  const say = useText('indicators', indicatorsText);
  const drag = (event: DragEvent) => {
    event.dataTransfer.effectAllowed = 'copy';
    event.dataTransfer.setData(indicatorDrag, dragged(indicator));
  };
  const gone = indicator.state === 'withdrawn';
  return (
    <li className={styles.item} style={{ transform: `translateY(${top}px)`, height }}>
      <button
        type="button"
        className={classes(
          styles.row,
          wide ? styles.wideRow : styles.narrowRow,
          chosen && styles.chosen,
          gone && styles.gone,
        )}
        title={say('drag')}
        draggable
        onDragStart={drag}
        onClick={() => onOpen(indicator.id)}
      >
        {wide ? <WideCells indicator={indicator} /> : <NarrowCells indicator={indicator} />}
      </button>
    </li>
  );
});

function dragged({ id, display, handling }: Indicator): string {
  return JSON.stringify({ id, title: display, tlp: handling.tlp });
}

function NarrowCells({ indicator }: { readonly indicator: Indicator }) {
  const say = useText('indicators', indicatorsText);
  return (
    <>
      <span className={styles.value}>{indicator.display}</span>
      <Tlp label={indicator.handling.tlp} />
      <span className={styles.facts}>
        <TypeIcon type={indicator.type} size={13} />
        <span>{typeLabel(indicator.type)}</span>
        <b>{indicator.originator}</b>
        {indicator.handling.evaluation && <span>{indicator.handling.evaluation.grade}</span>}
        {indicator.state === 'withdrawn' && <span className={styles.state}>{say('withdrawn')}</span>}
        <span className={styles.noteText}>{indicator.note}</span>
      </span>
      <Time iso={indicator.addedAt} form="stamp" />
    </>
  );
}

function WideCells({ indicator }: { readonly indicator: Indicator }) {
  const { handling } = indicator;
  return (
    <>
      <span className={styles.type}>
        <TypeIcon type={indicator.type} size={13} />
        {typeLabel(indicator.type)}
      </span>
      <span className={styles.value}>{indicator.display}</span>
      <span>
        <Tlp label={handling.tlp} />
      </span>
      <span className="mono">
        {handling.code} {handling.pap}
      </span>
      <span className="mono">{handling.evaluation?.grade ?? ''}</span>
      <b>{indicator.originator}</b>
      <span className={styles.noteText}>{indicator.note}</span>
      <Time iso={indicator.addedAt} form="stamp" />
    </>
  );
}
