import { type LiteralKind, PatternError, type Token, tokenise } from './tokens.ts';

export type Literal = { readonly kind: LiteralKind; readonly text: string };
/** One test on one property. `path` is written as in the pattern, quotes left out: `hashes.SHA-256`, `refs[*].value`. */
export type Comparison = {
  readonly kind: 'compare';
  readonly object: string;
  readonly path: string;
  readonly operator: string;
  readonly negated: boolean;
  readonly values: readonly Literal[];
};
export type Test = Comparison | { readonly kind: 'and' | 'or'; readonly parts: readonly Test[] };
export type Observation =
  | { readonly kind: 'observe'; readonly test: Test }
  | { readonly kind: 'and' | 'or' | 'followed-by'; readonly parts: readonly Observation[] }
  | { readonly kind: 'qualified'; readonly of: Observation };

export type PatternResult =
  | { readonly ok: true; readonly observation: Observation }
  | { readonly ok: false; readonly at: number; readonly message: string };

const LONGEST = 262_144;
const DEEPEST = 32;

/** STIX 2.1 patterning (OASIS, section 9) by recursive descent. Never throws; `at` is where reading stopped. [IN-41] */
export function parsePattern(pattern: string): PatternResult {
  if (pattern.length > LONGEST) return { ok: false, at: LONGEST, message: 'longer than 262,144 characters' };
  try {
    return { ok: true, observation: new Parser(tokenise(pattern)).pattern() };
  } catch (error) {
    if (error instanceof PatternError) return { ok: false, at: error.at, message: error.message };
    throw error;
  }
}

const COMPARISONS: ReadonlySet<string> = new Set(['=', '==', '!=', '<>', '<', '>', '<=', '>=']);
const STRING_OPERATORS: ReadonlySet<string> = new Set(['LIKE', 'MATCHES', 'ISSUBSET', 'ISSUPERSET']);
const LITERALS: ReadonlySet<string> = new Set(['string', 'number', 'boolean', 'timestamp', 'binary']);

class Parser {
  private readonly tokens: readonly Token[];
  private next = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  pattern(): Observation {
    const whole = this.followedBy();
    if (this.peek().kind !== 'end') this.fail('the end of the pattern');
    return whole;
  }

  private followedBy(): Observation {
    return this.chain('FOLLOWEDBY', 'followed-by', () =>
      this.chain('OR', 'or', () => this.chain('AND', 'and', () => this.observation())),
    );
  }

  private chain(word: string, kind: 'and' | 'or' | 'followed-by', part: () => Observation): Observation {
    const parts = [part()];
    while (this.takes(word)) parts.push(part());
    const [only] = parts;
    return parts.length === 1 && only ? only : { kind, parts };
  }

  private observation(): Observation {
    let found: Observation;
    if (this.takes('[')) {
      const test = this.or();
      this.expect(']');
      found = { kind: 'observe', test };
    } else {
      this.expect('(', 'a square bracket');
      found = this.deeper(() => this.followedBy());
      this.expect(')');
    }
    return this.qualifiers() ? { kind: 'qualified', of: found } : found;
  }

  private qualifiers(): boolean {
    const seen = new Set<string>();
    for (;;) {
      const token = this.peek();
      if (!['START', 'WITHIN', 'REPEATS'].includes(token.text) || token.kind !== 'word') return seen.size > 0;
      if (seen.has(token.text)) throw new PatternError(token.at, `${token.text} is given twice`);
      seen.add(token.text);
      this.next++;
      this.qualifier(token.text);
    }
  }

  private qualifier(word: string): void {
    if (word === 'START') {
      this.literalOf('timestamp');
      this.expect('STOP');
      this.literalOf('timestamp');
      return;
    }
    const count = this.literalOf('number');
    if (count.startsWith('-') || (word === 'REPEATS' && count.includes('.'))) this.fail('a positive number');
    this.expect(word === 'WITHIN' ? 'SECONDS' : 'TIMES');
  }

  private or(): Test {
    return this.tests('OR', 'or', () => this.tests('AND', 'and', () => this.test()));
  }

  private tests(word: string, kind: 'and' | 'or', part: () => Test): Test {
    const parts = [part()];
    while (this.takes(word)) parts.push(part());
    const [only] = parts;
    return parts.length === 1 && only ? only : { kind, parts };
  }

  private test(): Test {
    if (this.takes('(')) {
      const inner = this.deeper(() => this.or());
      this.expect(')');
      return inner;
    }
    if (this.takes('EXISTS')) {
      return { kind: 'compare', ...this.objectPath(), operator: 'EXISTS', negated: false, values: [] };
    }
    const path = this.objectPath();
    const negated = this.takes('NOT');
    const { operator, values } = this.condition();
    const differs = operator === '!=' || operator === '<>';
    return {
      kind: 'compare',
      ...path,
      operator: operator === '==' ? '=' : operator,
      negated: negated || differs,
      values,
    };
  }

  private condition(): { operator: string; values: Literal[] } {
    const operator = this.take('a comparison').text;
    if (COMPARISONS.has(operator)) return { operator, values: [this.literal()] };
    if (STRING_OPERATORS.has(operator)) {
      return { operator, values: [{ kind: 'string', text: this.literalOf('string') }] };
    }
    if (operator !== 'IN') {
      this.next--;
      this.fail('a comparison');
    }
    return { operator, values: this.set() };
  }

  private set(): Literal[] {
    this.expect('(');
    const values = [this.literal()];
    while (this.takes(',')) values.push(this.literal());
    this.expect(')');
    return values;
  }

  private objectPath(): { object: string; path: string } {
    const object = this.take('an object type');
    if (object.kind !== 'word' && object.kind !== 'name') this.failAt(object, 'an object type');
    this.expect(':');
    let path = this.component();
    for (;;) {
      if (this.takes('.')) path += `.${this.component()}`;
      else if (this.takes('[')) {
        path += `[${this.index()}]`;
        this.expect(']');
      } else return { object: object.text, path };
    }
  }

  private component(): string {
    const token = this.take('a property name');
    if (token.kind !== 'word' && token.kind !== 'string') this.failAt(token, 'a property name');
    return token.text;
  }

  private index(): string {
    const token = this.take('a list index');
    if (token.text !== '*' && !(token.kind === 'number' && /^-?\d+$/.test(token.text)))
      this.failAt(token, 'a list index');
    return token.text;
  }

  private literal(): Literal {
    const token = this.take('a value');
    const { kind } = token;
    if (!isLiteral(kind)) return this.failAt(token, 'a value');
    return { kind, text: token.text };
  }

  private literalOf(kind: LiteralKind): string {
    const token = this.take(`a ${kind}`);
    if (token.kind !== kind) this.failAt(token, `a ${kind}`);
    return token.text;
  }

  private deeper<T>(read: () => T): T {
    if (++this.depth > DEEPEST) this.fail(`no more than ${DEEPEST} nested parentheses`);
    const inner = read();
    this.depth--;
    return inner;
  }

  private peek(): Token {
    return this.tokens[this.next] ?? { kind: 'end', text: '', at: 0, end: 0 };
  }

  private take(wanted: string): Token {
    const token = this.peek();
    if (token.kind === 'end') this.fail(wanted);
    this.next++;
    return token;
  }

  private takes(text: string): boolean {
    const token = this.peek();
    if (token.text !== text || (token.kind !== 'sign' && token.kind !== 'word')) return false;
    this.next++;
    return true;
  }

  private expect(text: string, called = text): void {
    if (!this.takes(text)) this.fail(called);
  }

  private fail(wanted: string): never {
    return this.failAt(this.peek(), wanted);
  }

  private failAt(token: Token, wanted: string): never {
    const found =
      token.kind === 'end' ? 'the pattern ends' : `found ${JSON.stringify(token.text.slice(0, 40))}`;
    throw new PatternError(token.at, `expected ${wanted}, but ${found}`);
  }
}

function isLiteral(kind: Token['kind']): kind is LiteralKind {
  return LITERALS.has(kind);
}
