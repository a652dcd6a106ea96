import { isId } from '#shared/kernel/ids.ts';
import { type Tlp, tlpLabels } from '#shared/policy/markings.ts';

/** Data type of a dragged indicator: JSON `{id, title, tlp}`, the title defanged. */
export const indicatorDrag = 'application/x-muster-indicator';

export type DraggedIndicator = { readonly id: string; readonly title: string; readonly tlp: Tlp };

/** `null` for anything that the register did not write. */
export function readDragged(data: DataTransfer): DraggedIndicator | null {
  let value: unknown;
  try {
    value = JSON.parse(data.getData(indicatorDrag));
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  if (!('id' in value && 'title' in value && 'tlp' in value)) return null;
  const tlp = tlpLabels.find((label) => label === value.tlp);
  if (!isId(value.id) || typeof value.title !== 'string' || !tlp) return null;
  return { id: value.id, title: value.title, tlp };
}
