import { EdgeLabelRenderer } from '@xyflow/react';

import type { Link } from '#shared/board/link.ts';

import { useBoard } from '../board-context.ts';
import type { Point } from '../model/place.ts';
import { LinkFields } from './link-fields.tsx';
import styles from './panels.module.css';

/** The chosen link's words and direction, under its middle. */
export function LinkPopover({ link, at }: { readonly link: Link; readonly at: Point }) {
  const { writable, letAllGo } = useBoard();
  if (!writable) return null;
  return (
    <EdgeLabelRenderer>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only catches what its fields let through. */}
      <div
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Escape' || event.key === 'Enter') letAllGo();
        }}
        className={`${styles.popover} nodrag nopan`}
        style={{ transform: `translate(-50%, 12px) translate(${at.x}px, ${at.y}px)` }}
      >
        <LinkFields link={link} focused />
      </div>
    </EdgeLabelRenderer>
  );
}
