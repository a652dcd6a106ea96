import { isId } from '#shared/kernel/ids.ts';
import { type Tlp, tlpLabels } from '#shared/policy/markings.ts';

/** What the register puts into a drag. `title` is defanged. */
export type IndicatorDrop = { readonly id: string; readonly title: string; readonly tlp: Tlp };

export const indicatorDragType = 'application/x-muster-indicator';

/** `null` when the dragged data is not an indicator: another page may have written it. */
export function readIndicatorDrop(text: string): IndicatorDrop | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof value !== 'object' || value === null) return null;
  if (!('id' in value) || !('title' in value) || !('tlp' in value)) return null;
  const tlp = tlpLabels.find((label) => label === value.tlp);
  if (!isId(value.id) || typeof value.title !== 'string' || !tlp) return null;
  return { id: value.id, title: value.title, tlp };
}
