/** Refanged text; `from[i]` is the index in the input, `defanged` the output positions where something was undone. */
export type Refanged = {
  readonly text: string;
  readonly from: Uint32Array;
  readonly defanged: readonly number[];
};

const SCHEME = /(hxxp|h\*\*p|h__p|htxp|hxtp|meow|fxp)(s?)(?=:|\s?[[({]:|\[:\/\/)/iy;
const BRACKETED = /[[({]\s?(:\/\/|[.:/@]|dot|at|DOT|AT|Dot|At|punkt|ponto|punto)\s?[\])}]/y;
const HALF_OPEN = /[[({]\.(?=[\p{L}\p{N}])/uy;
const HALF_CLOSED = /\.[\])}](?=[\p{L}\p{N}])/uy;
const ALNUM = /[\p{L}\p{N}]/u;

/**
 * One pass with bounded look-ahead: brackets (also mismatched or half) around `. : / @ ://`, `dot`/`at` words in
 * brackets, hxxp, h**p, meow, fxp and `\.`. Input is folded text.
 */
export function refangWithMap(text: string): Refanged {
  const out = new Output(text.length);
  let at = 0;
  let backslashInWord = false;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char <= ' ') backslashInWord = false;
    const step = undo(text, at, { out, backslashInWord });
    if (step) {
      out.undone(step.plain, at);
      at += step.length;
      continue;
    }
    if (char === '\\') backslashInWord = true;
    out.copy(char, at);
    at++;
  }
  return out.done(text.length);
}

type Step = { readonly plain: string; readonly length: number };

function undo(text: string, at: number, seen: { out: Output; backslashInWord: boolean }): Step | null {
  const char = text.charAt(at);
  if (char === '[' || char === '(' || char === '{') return undoBracket(text, at, seen.out);
  if (char === '.') return match(HALF_CLOSED, text, at) ? { plain: '.', length: 2 } : null;
  if (char === '\\') return undoBackslash(text, at, seen.backslashInWord);
  if (!/[hmf]/i.test(char) || isWordChar(text.charAt(at - 1))) return null;
  const scheme = match(SCHEME, text, at);
  if (!scheme) return null;
  const plain = /^fxp$/i.test(scheme[1] ?? '') ? `ftp${scheme[2]}` : `http${scheme[2]?.toLowerCase()}`;
  return plain === scheme[0].toLowerCase() ? null : { plain, length: scheme[0].length };
}

const WORDS: Readonly<Record<string, string>> = { dot: '.', punkt: '.', ponto: '.', punto: '.', at: '@' };

function undoBracket(text: string, at: number, out: Output): Step | null {
  const whole = match(BRACKETED, text, at);
  if (!whole) return match(HALF_OPEN, text, at) ? { plain: '.', length: 2 } : null;
  const plain = WORDS[whole[1]?.toLowerCase() ?? ''] ?? whole[1] ?? '';
  const spaced = out.endsWithSpacedWord() && text.charAt(at + whole[0].length) === ' ';
  const after = text.charAt(at + whole[0].length + (spaced ? 1 : 0));
  if (spaced && (plain === '.' || plain === '@') && ALNUM.test(after)) {
    out.dropSpace();
    return { plain, length: whole[0].length + 1 };
  }
  return { plain, length: whole[0].length };
}

function undoBackslash(text: string, at: number, backslashInWord: boolean): Step | null {
  const next = text.charAt(at + 1);
  if (next !== '.' || backslashInWord) return null;
  return isWordChar(text.charAt(at - 1)) && isWordChar(text.charAt(at + 2))
    ? { plain: '.', length: 2 }
    : null;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function isWordChar(char: string): boolean {
  return char !== '' && ALNUM.test(char);
}

/** UTF-16 units rather than a string, so that looking back stays cheap. Never longer than the input. */
class Output {
  private readonly units: Uint16Array;
  private readonly from: Uint32Array;
  private readonly undoneAt: number[] = [];
  private length = 0;

  constructor(longest: number) {
    this.units = new Uint16Array(longest);
    this.from = new Uint32Array(longest + 1);
  }

  copy(char: string, at: number): void {
    this.from[this.length] = at;
    this.units[this.length++] = char.charCodeAt(0);
  }

  undone(plain: string, at: number): void {
    this.undoneAt.push(this.length);
    for (const char of plain) this.copy(char, at);
  }

  endsWithSpacedWord(): boolean {
    const space = this.units[this.length - 1] === 0x20;
    return space && this.length > 1 && ALNUM.test(String.fromCharCode(this.units[this.length - 2] ?? 0));
  }

  dropSpace(): void {
    this.length--;
  }

  done(end: number): Refanged {
    this.from[this.length] = end;
    let text = '';
    for (let at = 0; at < this.length; at += 8192) {
      text += String.fromCharCode(...this.units.subarray(at, Math.min(at + 8192, this.length)));
    }
    return { text, from: this.from.subarray(0, this.length + 1), defanged: this.undoneAt };
  }
}
