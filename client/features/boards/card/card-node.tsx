import { Handle, type NodeProps, Position, useStore, useUpdateNodeInternals } from '@xyflow/react';
import { memo, useEffect, useState } from 'react';
import { classes } from '#client/ui/classes.ts';
import { KindIcon } from '#client/ui/item/kind-icon.tsx';
import { Tlp } from '#client/ui/tlp.tsx';
import type { Card } from '#shared/board/card.ts';

import { useBoard, useBoardsText } from '../board-context.ts';
import type { CardNode as Node } from '../canvas/flow.ts';
import { guessedSize } from '../model/place.ts';
import type { Other } from '../model/presence.ts';
import styles from './card.module.css';
import { CardEditor } from './card-editor.tsx';
import { HolderTag } from './holder-tag.tsx';

/** Below this zoom words cannot be read: a card is then only its name. */
const FAR = 0.35;

const sides = [
  ['top', Position.Top],
  ['right', Position.Right],
  ['bottom', Position.Bottom],
  ['left', Position.Left],
] as const;

export const CardNode = memo(function CardNode({ data, selected }: NodeProps<Node>) {
  const { card, holder, editing, tabbable, links } = data;
  const { writable } = useBoard();
  const far = useStore((state) => state.transform[2] < FAR);
  const [near, setNear] = useState(false);
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
      aria-label={holder ? `${label} ${held(holder, card.id, say)}` : label}
      tabIndex={tabbable ? 0 : -1}
      onPointerEnter={() => setNear(true)}
      onPointerLeave={() => setNear(false)}
    >
      {holder && !selected && <HolderTag holder={holder} of={card.id} />}
      <Inside card={card} editing={editing} far={far} />
      <i
        className={`source ${styles.anchor}`}
        data-handleid="centre"
        data-handlepos="top"
        aria-hidden="true"
      />
      {writable && near && !editing && <Handles of={card.id} />}
    </div>
  );
});

function held({ name, typing }: Other, card: string, say: ReturnType<typeof useBoardsText>): string {
  return typing?.record === card ? `${say('isTyping', { name })}.` : say('selectedBy', { name });
}

/** Where links are drawn from; React Flow has to be told that they have come. */
function Handles({ of }: { readonly of: string }) {
  const update = useUpdateNodeInternals();
  useEffect(() => update(of), [update, of]);
  return (
    <>
      {sides.map(([id, position]) => (
        <Handle key={id} id={id} type="source" position={position} className={styles.handle ?? ''} />
      ))}
    </>
  );
}

type InsideProps = { readonly card: Card; readonly editing: boolean; readonly far: boolean };

function Inside({ card, editing, far }: InsideProps) {
  if (editing) return <CardEditor card={card} />;
  if (far)
    return (
      <div className={styles.far} style={{ height: guessedSize(card).height - 19 }}>
        {card.title}
      </div>
    );
  return <CardBody card={card} />;
}

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
