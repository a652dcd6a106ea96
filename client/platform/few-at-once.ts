/** Runs what it is given, at most `most` at a time, in order of asking. */
export function fewAtOnce(most: number): <T>(act: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  const next = () => {
    running -= 1;
    waiting.shift()?.();
  };
  return async (act) => {
    if (running >= most) await new Promise<void>((go) => waiting.push(go));
    running += 1;
    try {
      return await act();
    } finally {
      next();
    }
  };
}
