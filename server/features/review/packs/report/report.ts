import type { Tlp } from '#shared/policy/markings.ts';

/** A report as both its forms show it: one content, written as HTML and as PDF. Plain data: it crosses threads. */
export type Report = {
  readonly operation: string;
  readonly recipient: string;
  readonly packId: string;
  /** Time of the checkpoint, never that of writing: the same pack has the same report. */
  readonly at: number;
  readonly marking: Marking;
  /** What stands on the first page, label by label. */
  readonly cover: readonly (readonly [label: string, value: string])[];
  readonly notes: readonly string[];
  readonly sections: readonly Section[];
};

/** On every page, above and below. */
export type Marking = { readonly tlp: Tlp; readonly handling: string };

export type Section = {
  readonly title: string;
  readonly says: string;
  readonly blocks: readonly Block[];
};
export type Block =
  | { readonly kind: 'heading'; readonly text: string; readonly note: string }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly string[])[];
    };
export type Column = {
  readonly label: string;
  /** Part of the width. */
  readonly share: number;
  readonly look: 'text' | 'mono' | 'number' | 'tlp';
};
