import { Handle, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';

import { classes } from '#client/ui/classes.ts';
import { Tlp } from '#client/ui/tlp.tsx';
import type { Card } from '#shared/board/card.ts';

import { useBoard, useBoardsText } from '../board-context.ts';
import type { CardNode as Node } from '../canvas/flow.ts';
import styles from './card.module.css';
import { CardEditor } from './card-editor.tsx';
import { HolderTag } from './holder-tag.tsx';
import { KindIcon } from './kinds.tsx';

const sides = [
  ['top', Position.Top],
  ['right', Position.Right],
  ['bottom', Position.Bottom],
  ['left', Position.Left],
] as const;

export const CardNode = memo(function CardNode({ data, selected }: NodeProps<Node>) {
  const { card, holder, editing, tabbable, links } = data;
  const { writable } = useBoard();
  const say = useBoardsText();
  const label = say('cardLabel', {
    kind: say(`kind_${card.kind}`),
    title: card.title || card.text.slice(0, 80) || say('untitled'),
    tlp: card.tlp,
    links: say('cardLinks', { count: links }),
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would say that a card is a form.
    <div
      className={classes(styles.card, selected && styles.selected, holder && !selected && styles.held)}
      style={{ width: card.w, '--holder': holder?.colour }}
      data-card={card.id}
      role="group"
      aria-roledescription={say('cardRole')}
      aria-label={holder ? `${label} ${say('selectedBy', { name: holder.name })}` : label}
      tabIndex={tabbable ? 0 : -1}
    >
      {holder && !selected && <HolderTag holder={holder} />}
      {editing ? <CardEditor card={card} /> : <CardBody card={card} />}
      {sides.map(([id, position]) => (
        <Handle
          key={id}
          id={id}
          type="source"
          position={position}
          className={styles.handle ?? ''}
          isConnectable={writable}
        />
      ))}
    </div>
  );
});

function CardBody({ card }: { readonly card: Card }) {
  const { renderRef, personOf } = useBoard();
  const say = useBoardsText();
  if (card.ref && renderRef) return <>{renderRef(card.ref, card)}</>;
  const by = personOf?.(card.createdBy);
  return (
    <>
      <div className={styles.head}>
        <KindIcon kind={card.kind} />
        {say(`kind_${card.kind}`)}
        <span className={styles.space} />
        <Tlp label={card.tlp} />
      </div>
      {card.title && <div className={card.ref ? styles.value : styles.title}>{card.title}</div>}
      {card.text && (
        <div className={classes(styles.text, Boolean(card.title) && styles.under)}>{card.text}</div>
      )}
      {!card.title && !card.text && <div className={styles.under}>{say('untitled')}</div>}
      {by && (
        <div className={styles.foot}>
          {by.country} · {by.name}
        </div>
      )}
    </>
  );
}
