/**
 * White reads on each of them at 4.5 to 1 or better, each stands out from the ground of both schemes at 2.2 to 1, and
 * they lie as far apart as eighteen such colours can (greedily, in OKLab). None is a marking's colour.
 */
export const personColours = [
  '#1456d9',
  '#d83c06',
  '#006c00',
  '#9c1e90',
  '#607884',
  '#844806',
  '#905ad8',
  '#185a7e',
  '#7e7800',
  '#ae5a84',
  '#ae063c',
  '#6c549c',
  '#00845a',
  '#3678c6',
  '#a2603c',
  '#485a3c',
  '#844260',
  '#cc2a5a',
] as const;

/**
 * One officer, one colour: on avatars, cursors and what they hold, on every screen and every node, whoever else is
 * there. Two people may share one, so a name always stands beside it. [CB-26]
 */
export function personColour(officer: string): string {
  // FNV-1a: ids that differ in one digit do not get neighbours.
  let hash = 0x811c9dc5;
  for (const char of officer) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return personColours[hash % personColours.length] ?? personColours[0];
}
