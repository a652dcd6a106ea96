/** False for what neither PostgreSQL nor canonical JSON can hold: U+0000, and half a character (a lone surrogate). */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** The same text with U+FFFD in place of what cannot be stored. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\ufffd').toWellFormed();
}
