import {
  BaseEdge,
  EdgeLabelRenderer,
  type EdgeProps,
  getBezierPath,
  type InternalNode,
  useInternalNode,
} from '@xyflow/react';
import { memo } from 'react';

import { classes } from '#client/ui/classes.ts';

import { HolderTag } from '../card/holder-tag.tsx';
import { LinkPopover } from '../panels/link-popover.tsx';
import type { LinkEdge as Edge } from './flow.ts';
import { type Box, linkEnds } from './geometry.ts';
import styles from './link.module.css';

export const LinkEdge = memo(function LinkEdge({ source, target, data, selected }: EdgeProps<Edge>) {
  const from = useInternalNode(source);
  const to = useInternalNode(target);
  if (!from || !to || !data) return null;
  const { link, typist } = data;
  const [start, end] = linkEnds(boxOf(from), boxOf(to));
  const [path, x, y] = getBezierPath({
    sourceX: start.x,
    sourceY: start.y,
    sourcePosition: start.side,
    targetX: end.x,
    targetY: end.y,
    targetPosition: end.side,
  });
  const arrow = `url(#${selected ? 'board-arrow-chosen' : 'board-arrow'})`;
  return (
    <>
      <BaseEdge
        path={path}
        className={classes(styles.line, selected && styles.chosen)}
        interactionWidth={18}
        {...(link.direction === 'none' ? {} : { markerEnd: arrow })}
        {...(link.direction === 'both' ? { markerStart: arrow } : {})}
      />
      {link.label && (
        <text className={styles.label} x={x} y={y} textAnchor="middle" dominantBaseline="central">
          {link.label}
        </text>
      )}
      {typist && !selected && (
        <EdgeLabelRenderer>
          <div
            className={styles.typist}
            style={{ transform: `translate(-50%, 9px) translate(${x}px, ${y}px)` }}
          >
            <HolderTag holder={typist} of={link.id} />
          </div>
        </EdgeLabelRenderer>
      )}
      {selected && <LinkPopover link={link} at={{ x, y }} />}
    </>
  );
});

/** Once per board: the arrow heads that links point to by name. */
export function ArrowHeads() {
  return (
    <svg className={styles.defs} aria-hidden="true">
      <defs>
        {(['board-arrow', 'board-arrow-chosen'] as const).map((id) => (
          <marker
            key={id}
            id={id}
            viewBox="0 0 10 10"
            refX="9"
            refY="5"
            markerWidth="9"
            markerHeight="9"
            markerUnits="userSpaceOnUse"
            orient="auto-start-reverse"
          >
            <path d="M1 1.2 9 5 1 8.8" className={id === 'board-arrow' ? styles.head : styles.headChosen} />
          </marker>
        ))}
      </defs>
    </svg>
  );
}

function boxOf(node: InternalNode): Box {
  const { x, y } = node.internals.positionAbsolute;
  return { x, y, width: node.measured.width ?? 208, height: node.measured.height ?? 80 };
}
