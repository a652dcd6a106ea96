/** 24 hues of equal weight, alternately lighter and darker; white reads on each of them at 4.5 to 1. */
const colours = [
  '#b64461',
  '#9e2b30',
  '#b84a27',
  '#8b4509',
  '#9f6202',
  '#745504',
  '#83710d',
  '#5c600b',
  '#59800b',
  '#0e6e11',
  '#0a8553',
  '#016b56',
  '#04837c',
  '#00686f',
  '#127e96',
  '#076387',
  '#0975c1',
  '#2b55ae',
  '#5f64c7',
  '#6044a6',
  '#8a55b4',
  '#81368a',
  '#a74990',
  '#962c62',
] as const;

/** The same officer has the same colour on every screen. */
export function personColour(officer: string): string {
  let mixed = 0x811c9dc5;
  for (const char of officer) mixed = Math.imul(mixed ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return colours[((mixed ^ (mixed >>> 15)) >>> 0) % colours.length] ?? colours[0];
}

/** `Tan Wei` → `TW`; one word gives its first two letters. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const [first = '', last = ''] = words.length > 1 ? [words[0], words.at(-1)] : [words[0] ?? name, ''];
  const letters = last ? [...first].slice(0, 1).concat([...last].slice(0, 1)) : [...first].slice(0, 2);
  return letters.join('').toUpperCase();
}
