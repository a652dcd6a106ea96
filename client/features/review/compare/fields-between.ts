export type Field =
  | 'value'
  | 'note'
  | 'tlp'
  | 'confidence'
  | 'actionable'
  | 'validUntil'
  | 'role'
  | 'compartments';

/** The fields in which two states of one thing differ. */
export function fieldsBetween(
  before: Partial<Record<Field, string>>,
  after: Partial<Record<Field, string>>,
): readonly { readonly name: Field; readonly was: string; readonly is: string }[] {
  return (Object.keys(after) as Field[])
    .map((name) => ({ name, was: before[name] ?? '', is: after[name] ?? '' }))
    .filter(({ was, is }) => was !== is);
}
