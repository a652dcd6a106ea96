/** White reads on each of them at 4.5 to 1; no two look alike, none is a marking's colour. */
const colours = [
  '#1456d9',
  '#b84d12',
  '#0b7a53',
  '#7b3fb5',
  '#a8325e',
  '#0e7490',
  '#6b6312',
  '#4f5b93',
  '#8a4b2b',
  '#2f7d32',
  '#9333a8',
  '#46607a',
] as const;

/** The same officer has the same colour on every screen. */
export function personColour(officer: string): string {
  let sum = 0;
  for (const char of officer) sum = (sum * 31 + char.charCodeAt(0)) >>> 0;
  return colours[sum % colours.length] ?? colours[0];
}

/** `Tan Wei` → `TW`; one word gives its first two letters. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const [first = '', last = ''] = words.length > 1 ? [words[0], words.at(-1)] : [words[0] ?? name, ''];
  const letters = last ? [...first].slice(0, 1).concat([...last].slice(0, 1)) : [...first].slice(0, 2);
  return letters.join('').toUpperCase();
}
