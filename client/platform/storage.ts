/** What this browser keeps by itself: a theme, the keys of logs seen before. A browser that keeps nothing is no error. */
export function readKept(key: string): string | null {
  try {
    return localStorage.getItem(`muster.${key}`);
  } catch {
    return null;
  }
}

/** False when the browser refuses to keep it. */
export function keep(key: string, value: string): boolean {
  try {
    localStorage.setItem(`muster.${key}`, value);
    return true;
  } catch {
    return false;
  }
}

/** False when the browser refuses, which then has kept nothing either. */
export function forget(key: string): boolean {
  try {
    localStorage.removeItem(`muster.${key}`);
    return true;
  } catch {
    return false;
  }
}
