import { fold } from '../fold.ts';
import { refangWithMap } from '../refang.ts';

/** The text as recognisers see it: folded and refanged, with the way back to the original. */
export class PlainText {
  readonly text: string;
  /** True when anything in the text was defanged: then what is not may be only a reference. */
  readonly defangs: boolean;
  private readonly folded: Uint32Array;
  private readonly refanged: Uint32Array;
  private readonly undone: Uint8Array;
  private readonly original: string;

  constructor(original: string) {
    const folded = fold(original);
    const refanged = refangWithMap(folded.text);
    this.original = original;
    this.text = refanged.text;
    this.folded = folded.from;
    this.refanged = refanged.from;
    this.undone = new Uint8Array(refanged.text.length + 1);
    for (const at of refanged.defanged) this.undone[at] = 1;
    this.defangs = refanged.defanged.length > 0;
  }

  isDefanged(from: number, to: number): boolean {
    return this.undone.subarray(from, to).includes(1);
  }

  /** Span in the original text, and what stands there. */
  origin(from: number, to: number): { span: { from: number; to: number }; raw: string } {
    const span = { from: this.originOf(from), to: this.originOf(to) };
    return { span, raw: this.original.slice(span.from, span.to) };
  }

  private originOf(at: number): number {
    return this.folded[this.refanged[at] ?? 0] ?? this.original.length;
  }
}
