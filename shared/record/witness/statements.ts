import { parseNote } from '../note.ts';

/** A signed checkpoint, with the key that the file says belongs to it. */
export type Statement = { readonly note: string; readonly vkey: string | null };

/** The checkpoints in a small file: a bare note, or what a witness keeps (its state, its evidence). Believes nothing. */
export function readStatements(text: string): Statement[] {
  if (!text.startsWith('{')) return parseNote(text) === null ? [] : [{ note: text, vkey: null }];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  return ['known', 'shown', 'pin', 'hub'].flatMap((name) => {
    const part: unknown = Reflect.get(Object(value), name);
    const note: unknown = Reflect.get(Object(part), 'note');
    const vkey: unknown = Reflect.get(Object(part), 'vkey');
    return typeof note === 'string' && typeof vkey === 'string' ? [{ note, vkey }] : [];
  });
}
