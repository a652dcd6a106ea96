/** Where the texts part and meet again, at the edges of words. Places of the first text. */
export function commonOf(text: string, other: string): { readonly start: number; readonly end: number } {
  const shorter = Math.min(text.length, other.length);
  let start = 0;
  while (start < shorter && text[start] === other[start]) start++;
  let rest = 0;
  while (rest < shorter - start && text.at(-1 - rest) === other.at(-1 - rest)) rest++;
  const both = [text, other];
  while (start > 0 && both.some((one) => cutsWord(one, start))) start--;
  while (rest > 0 && both.some((one) => cutsWord(one, one.length - rest))) rest--;
  return { start, end: text.length - rest };
}

function cutsWord(text: string, at: number): boolean {
  return isInWord(text[at - 1]) && isInWord(text[at]);
}

function isInWord(sign: string | undefined): boolean {
  return sign !== undefined && /[\p{L}\p{N}\p{M}\p{Cs}]/u.test(sign);
}
