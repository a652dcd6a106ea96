import { createContext, useContext } from 'react';

import type { Resize } from '../acts/use-drag.ts';

export const ResizeContext = createContext<Resize>(() => undefined);

export function useResizing(): Resize {
  return useContext(ResizeContext);
}
