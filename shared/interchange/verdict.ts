import type { Selector, SelectorMeta, SelectorType } from './selector-types.ts';

/** Why a value, row or object was refused. Codes keep their meaning for ever; sentences may improve. [IN-3] */
export type ProblemCode =
  | 'invalid'
  | 'empty'
  | 'wrong-length'
  | 'bad-checksum'
  | 'not-hex'
  | 'out-of-range'
  | 'unknown-type'
  | 'unknown-country'
  | 'no-public-suffix'
  | 'scheme-not-allowed'
  | 'ambiguous'
  | 'ambiguous-leading-zero'
  | 'mixed-case'
  | 'number-in-scientific-notation'
  | 'formula'
  | 'unknown-marking'
  | 'bad-pattern'
  | 'pattern-only'
  | 'bad-id'
  | 'bad-timestamp'
  | 'modified-before-created'
  | 'valid-until'
  | 'unsupported-spec-version'
  | 'too-large'
  | 'not-json'
  | 'bad-row'
  | 'duplicate'
  | 'dangling-reference'
  | `missing-property:${string}`
  | `out-of-range:${string}`;

/** Remarks on an accepted value. None of them refuses it. */
export const noteSentences = {
  'known-benign': 'Known to be harmless, or the hash of an empty file.',
  'mixed-script': 'A label mixes writing systems: it may imitate another name.',
  'host-bits-cleared': 'The address was inside the range: the range is kept.',
  credentials: 'The address carries a user name or password.',
  'no-checksum': 'This kind of address has no checksum: a typing error cannot be seen.',
  'weak-key': 'The bank is not known: the same number may exist at another bank.',
  retyped: 'The value belongs to another type than the one named.',
  'host-of-url': 'The host of an address found here.',
  'not-defanged':
    'Written as a live address in a text that defangs its indicators: perhaps only a reference.',
  'needs-confirmation': 'Nothing around it says what it is.',
} as const;
export type Note = keyof typeof noteSentences;

export type Refused = {
  readonly ok: false;
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint?: string;
};
export type Accepted = { readonly ok: true; readonly selector: Selector; readonly notes: readonly Note[] };
export type Canonical = Accepted | Refused;

/** What the import knows beside the value itself. */
export type CanonicaliseOptions = {
  /** ISO 3166 alpha-2: how national phone numbers and bank accounts are read. */
  readonly defaultCountry?: string;
  /** Name, short name or BIC of the bank an account number belongs to. */
  readonly bank?: string;
  /** The messenger a bare handle belongs to. */
  readonly platform?: string;
};

export type Canonicaliser = (raw: string, options: CanonicaliseOptions) => Canonical;

export function refused(code: ProblemCode, message: string, hint?: string): Refused {
  return hint === undefined ? { ok: false, code, message } : { ok: false, code, message, hint };
}

type Parts = {
  readonly type: SelectorType;
  readonly value: string;
  readonly display?: string;
  /** What the value is unique within: chain, platform, country and bank. */
  readonly namespace?: string;
  readonly meta?: SelectorMeta;
  readonly notes?: readonly Note[];
};

export function accepted({ type, value, display = value, namespace, meta, notes = [] }: Parts): Accepted {
  const key = namespace === undefined ? `${type}:${value}` : `${type}:${namespace}:${value}`;
  const bare = { type, value, display, key };
  const full = meta && Object.keys(meta).length > 0 ? { ...bare, meta } : bare;
  return { ok: true, selector: full, notes };
}
