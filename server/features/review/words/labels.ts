import type { OperationId } from '#shared/kernel/ids.ts';

/** Entries of one block of a record are searched together; a search goes from the newest block back. */
export const BLOCK = 16_384;

type Labelled = {
  readonly seq: number;
  readonly kind: string;
  readonly officer_id: string | null;
  readonly country: string | null;
};

/**
 * Words that no text can hold, by which one record, one block of it and the common filters are part of the index
 * itself. Filters only: who may see a row is asked of the row.
 */
export function labelsOf(log: OperationId, { seq, kind, officer_id, country }: Labelled): string[] {
  const own = [label.block(log, Math.floor(seq / BLOCK)), label.kind(log, kind)];
  if (officer_id !== null) own.push(label.officer(log, officer_id));
  if (country !== null) own.push(label.country(log, country));
  return own;
}

const short = (log: OperationId) => `@${log.slice(0, 16)}`;

export const label = {
  block: (log: OperationId, block: number) => `${short(log)}#${block}`,
  kind: (log: OperationId, kind: string) => `${short(log)}!${kind}`,
  officer: (log: OperationId, officer: string) => `${short(log)}%${officer.slice(0, 16)}`,
  country: (log: OperationId, country: string) => `${short(log)}~${country}`,
};
