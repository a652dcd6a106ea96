import { useReactFlow } from '@xyflow/react';
import { type RefObject, useEffect } from 'react';

import { type Edges, intoView } from '../model/place.ts';

/** What lies over the canvas: the tabs above, the tools below. Screen pixels. */
const covered: Edges = { top: 56, right: 16, bottom: 68, left: 16 };

/** While `part` is on screen, the card or frame around it is kept whole in view, also as it grows. */
export function useKeepInView(part: RefObject<HTMLElement | null>): void {
  const flow = useReactFlow();
  useEffect(() => {
    const whole = part.current?.closest<HTMLElement>('[data-card]');
    const canvas = whole?.closest('.react-flow');
    if (!whole || !canvas) return;
    const observer = new ResizeObserver(() => {
      const by = intoView(whole.getBoundingClientRect(), canvas.getBoundingClientRect(), covered);
      if (by.x === 0 && by.y === 0) return;
      const { x, y, zoom } = flow.getViewport();
      void flow.setViewport({ x: x + by.x, y: y + by.y, zoom }, { duration: 120 });
    });
    observer.observe(whole);
    return () => observer.disconnect();
  }, [flow, part]);
}
