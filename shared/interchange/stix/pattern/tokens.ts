/** Where a pattern stops making sense (index from 0), and why. Caught by `parsePattern` only. */
export class PatternError extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.name = 'PatternError';
    this.at = at;
  }
}

export type LiteralKind = 'string' | 'number' | 'boolean' | 'timestamp' | 'binary';
/** `word` is an identifier or keyword, `name` an identifier with hyphens, `end` stands after the last token. */
export type Token = {
  readonly kind: LiteralKind | 'word' | 'name' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
  readonly end: number;
};

const SPACE = /[\s\u00a0]*/y;
const DAY = '\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])';
const CLOCK = '(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)(?:\\.\\d+)?';
const RULES: readonly { readonly kind: Token['kind']; readonly pattern: RegExp }[] = [
  { kind: 'timestamp', pattern: new RegExp(`t'${DAY}T${CLOCK}Z'`, 'y') },
  { kind: 'binary', pattern: /h'(?:[0-9a-fA-F]{2})*'|b'[A-Za-z0-9+/]*={0,2}'/y },
  { kind: 'string', pattern: /'(?:[^'\\]|\\.)*'/sy },
  { kind: 'number', pattern: /[+-]?(?:\d*\.\d+|0|[1-9]\d*)(?![\w'])/y },
  { kind: 'boolean', pattern: /(?:true|false)(?![\w-])/y },
  { kind: 'word', pattern: /[A-Za-z_]\w*(?![\w-])/y },
  { kind: 'name', pattern: /[A-Za-z_][\w-]*/y },
  { kind: 'sign', pattern: /<>|==|!=|<=|>=|[[\]()=<>:.,*]/y },
];

/** Splits a pattern into tokens, in one pass. */
export function tokenise(pattern: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    SPACE.lastIndex = at;
    at += SPACE.exec(pattern)?.[0].length ?? 0;
    if (at >= pattern.length) return [...tokens, { kind: 'end', text: '', at, end: at }];
    const token = tokenAt(pattern, at);
    tokens.push(token);
    at = token.end;
  }
}

function tokenAt(pattern: string, at: number): Token {
  for (const { kind, pattern: rule } of RULES) {
    rule.lastIndex = at;
    const found = rule.exec(pattern)?.[0];
    if (found === undefined) continue;
    return { kind, text: kind === 'string' ? unquote(found) : found, at, end: at + found.length };
  }
  throw new PatternError(at, `unexpected ${JSON.stringify(pattern.charAt(at))}`);
}

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(['\\])/g, '$1');
}
