import type * as Y from 'yjs';

/** One replacement: at `at`, `remove` code units go and `insert` comes. */
export type TextEdit = { readonly at: number; readonly remove: number; readonly insert: string };

/**
 * The smallest single replacement that turns `before` into `after`, never cutting a surrogate pair.
 * `caret`, when known, is where the writer stands after typing: it settles which of several equal letters was typed.
 */
export function textEdit(before: string, after: string, caret = after.length): TextEdit | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  const tailLimit = Math.min(shorter, Math.max(0, after.length - caret));
  let tail = 0;
  while (tail < tailLimit && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  let head = 0;
  while (head < shorter - tail && before[head] === after[head]) head++;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  if (head > 0 && isLead(before, head - 1)) head--;
  if (tail > 0 && isTrail(before, before.length - tail)) tail--;
  return { at: head, remove: before.length - tail - head, insert: after.slice(head, after.length - tail) };
}

/** Applies the difference only, so that others' concurrent typing in the same text survives. Inside a transaction. */
export function writeText(text: Y.Text, after: string, caret?: number): void {
  const edit = textEdit(text.toString(), after, caret);
  if (!edit) return;
  if (edit.remove > 0) text.delete(edit.at, edit.remove);
  if (edit.insert !== '') text.insert(edit.at, edit.insert);
}

/** Where a caret at `caret` belongs after somebody else's edit. */
export function shiftCaret(caret: number, edit: TextEdit): number {
  if (caret <= edit.at) return caret;
  if (caret <= edit.at + edit.remove) return edit.at + edit.insert.length;
  return caret - edit.remove + edit.insert.length;
}

/**
 * What was typed over an older text, done to the text as `others` have made it meanwhile. `caret` stands after what
 * was typed. Where both replaced the same words, both replacements stay; what others wrote inside a passage that was
 * replaced as a whole goes with it.
 */
export function rebased(
  typed: TextEdit,
  others: TextEdit | null,
  text: string,
): { text: string; caret: number } {
  const same = others && typed.at >= others.at && typed.at < others.at + others.remove;
  const at = same ? others.at + others.insert.length : others ? shiftCaret(typed.at, others) : typed.at;
  const end = others ? shiftCaret(typed.at + typed.remove, others) : typed.at + typed.remove;
  const kept = Math.max(at, end);
  return { text: text.slice(0, at) + typed.insert + text.slice(kept), caret: at + typed.insert.length };
}

function isLead(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isTrail(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
