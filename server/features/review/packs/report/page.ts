import PDFDocument from 'pdfkit';

import type { Tlp } from '#shared/policy/markings.ts';
import { type Look, type Run, runsOf } from './fonts.ts';

export const ink = {
  dark: '#10161f',
  middle: '#46505e',
  faint: '#636e7c',
  line: '#dfe4ea',
  ground: '#f5f7f9',
  accent: '#1456d9',
} as const;

/** A4 in points, with room above and below for the markings. */
export const sheet = {
  width: 595.28,
  height: 841.89,
  left: 48,
  right: 547.28,
  top: 78,
  bottom: 770,
} as const;

export type Style = { readonly look: Look; readonly size: number; readonly colour: string };

/** FIRST TLP 2.0: these colours on black. */
const tlpInk: Readonly<Record<Tlp, string>> = {
  RED: '#ff2b2b',
  'AMBER+STRICT': '#ffc000',
  AMBER: '#ffc000',
  GREEN: '#33ff00',
  CLEAR: '#ffffff',
};

type Word = { readonly runs: readonly Run[]; readonly width: number; readonly spaceAfter: number };
export type Line = readonly Word[];

const thaiWords = new Intl.Segmenter('th', { granularity: 'word' });
const LEADING = 1.42;

/** A sheet that text is put on: measuring, breaking and drawing in fonts that follow the script. */
export class Page {
  readonly doc: PDFKit.PDFDocument;
  y: number = sheet.top;
  readonly #font: (face: string) => Buffer;
  readonly #known = new Set<string>();
  readonly #widths = new Map<string, number>();

  /** Times and ids are given, never taken: the same report gives the same bytes. Streams are not compressed, for the same reason. */
  constructor(font: (face: string) => Buffer, about: { readonly title: string; readonly at: number }) {
    this.#font = font;
    const date = new Date(about.at);
    this.doc = new PDFDocument({
      size: 'A4',
      margin: 0,
      compress: false,
      bufferPages: true,
      autoFirstPage: false,
      lang: 'en',
      displayTitle: true,
      info: { Title: about.title, Producer: 'Muster', Creator: 'Muster', CreationDate: date, ModDate: date },
    });
  }

  newPage(): void {
    this.doc.addPage();
    this.y = sheet.top;
  }

  /** Goes to a new page unless there is this much room. */
  need(height: number): void {
    if (this.y + height > sheet.bottom) this.newPage();
  }

  lineHeight({ size }: Style): number {
    return size * LEADING;
  }

  /** Words of a text, broken into lines of at most `width`; a word that is wider is cut between its signs. */
  lines(text: string, style: Style, width: number): Line[] {
    return text.split('\n').flatMap((part) => this.#breakLine(part, style, width));
  }

  drawLines(
    lines: readonly Line[],
    style: Style,
    at: { readonly x: number; readonly y: number; readonly width?: number; readonly toRight?: boolean },
  ): void {
    for (const [index, line] of lines.entries()) {
      const slack = at.toRight ? (at.width ?? 0) - widthOf(line) : 0;
      let x = at.x + slack;
      for (const { runs, width, spaceAfter } of line) {
        this.#drawRuns(runs, style, { x, y: at.y + index * this.lineHeight(style) });
        x += width + spaceAfter;
      }
    }
  }

  /** Text in the column of the page, across pages. */
  paragraph(
    text: string,
    style: Style,
    { x = sheet.left, width = sheet.right - sheet.left, after = 6 } = {},
  ): void {
    for (const line of this.lines(text, style, width)) {
      this.need(this.lineHeight(style));
      this.drawLines([line], style, { x, y: this.y });
      this.y += this.lineHeight(style);
    }
    this.y += after;
  }

  rule(y: number, colour: string = ink.line): void {
    this.doc.moveTo(sheet.left, y).lineTo(sheet.right, y).lineWidth(0.6).strokeColor(colour).stroke();
  }

  /** `TLP:AMBER` on black; gives the width it takes. */
  tlp(
    label: Tlp,
    at: { readonly x: number; readonly y: number; readonly size: number; readonly toLeft?: boolean },
  ): number {
    const style: Style = { look: 'mono', size: at.size, colour: tlpInk[label] };
    const [line = []] = this.lines(`TLP:${label}`, style, 400);
    const width = widthOf(line) + at.size;
    const x = at.toLeft ? at.x - width : at.x;
    this.doc.roundedRect(x, at.y, width, at.size * 1.6, 2).fill('#000000');
    this.drawLines([line], style, { x: x + at.size / 2, y: at.y + at.size * 0.16 });
    return width;
  }

  measure(text: string, style: Style): number {
    return runsOf(text, style.look).reduce((sum, run) => sum + this.#widthOf(run, style.size), 0);
  }

  #breakLine(text: string, style: Style, width: number): Line[] {
    const lines: Word[][] = [[]];
    let taken = 0;
    for (const word of this.#words(text, style, width)) {
      if (taken > 0 && taken + word.width > width + 0.01) {
        lines.push([]);
        taken = 0;
      }
      lines.at(-1)?.push(word);
      taken += word.width + word.spaceAfter;
    }
    return lines;
  }

  #words(text: string, style: Style, width: number): Word[] {
    const space = this.measure(' ', style);
    const words: Word[] = [];
    for (const [, piece = '', spaces = ''] of text.matchAll(/(\S+)(\s*)/g)) {
      const parts = breakable(piece).flatMap((part) => this.#cut(part, style, width));
      for (const [at, part] of parts.entries()) {
        const runs = runsOf(part, style.look);
        const last = at === parts.length - 1;
        const wide = runs.reduce((sum, run) => sum + this.#widthOf(run, style.size), 0);
        words.push({ runs, width: wide, spaceAfter: last ? space * Math.min(spaces.length, 2) : 0 });
      }
    }
    return words;
  }

  /** A word in pieces that fit. */
  #cut(word: string, style: Style, width: number): string[] {
    if (this.measure(word, style) <= width) return [word];
    const pieces: string[] = [''];
    for (const sign of word.match(/.\p{M}*/gu) ?? []) {
      const held = pieces.at(-1) ?? '';
      if (held !== '' && this.measure(held + sign, style) > width) pieces.push(sign);
      else pieces[pieces.length - 1] = held + sign;
    }
    return pieces;
  }

  #drawRuns(
    runs: readonly Run[],
    { size, colour }: Style,
    at: { readonly x: number; readonly y: number },
  ): void {
    let { x } = at;
    for (const run of runs) {
      this.#use(run.face, size);
      this.doc
        .fillColor(colour)
        .text(run.text, x, at.y, { lineBreak: false, features: featuresOf(run.face) });
      x += this.#widthOf(run, size);
    }
  }

  #widthOf({ face, text }: Run, size: number): number {
    const key = `${face} ${text}`;
    const held = this.#widths.get(key);
    if (held !== undefined) return held * size;
    this.#use(face, 100);
    const width = this.doc.widthOfString(text, { features: featuresOf(face) }) / 100;
    if (this.#widths.size > 50_000) this.#widths.clear();
    this.#widths.set(key, width);
    return width * size;
  }

  #use(face: string, size: number): void {
    if (!this.#known.has(face)) {
      this.doc.registerFont(face, this.#font(face));
      this.#known.add(face);
    }
    this.doc.font(face).fontSize(size);
  }
}

/**
 * Values are read and compared sign by sign: `://` stays three signs. Only Thai needs its marks placed. The library's
 * types know lists alone; by name a feature can also be turned off, which spares most of the time a page takes.
 */
const signBySign = { calt: false, ccmp: false, clig: false, liga: false, locl: false, rlig: false };
function featuresOf(face: string): PDFKit.Mixins.OpenTypeFeatures[] {
  const features = face.startsWith('noto-sans-thai') ? { liga: false } : signBySign;
  return features as unknown as PDFKit.Mixins.OpenTypeFeatures[];
}

function widthOf(line: Line): number {
  return line.reduce(
    (sum, { width, spaceAfter }, at) => sum + width + (at === line.length - 1 ? 0 : spaceAfter),
    0,
  );
}

/** Thai is written without spaces: its words are found by its dictionary. */
function breakable(piece: string): string[] {
  if (!/[\u0e00-\u0e7f]/.test(piece)) return piece.split(/(?<=[/?&=,;])(?=[^/?&=,;])/);
  return [...thaiWords.segment(piece)].map(({ segment }) => segment);
}
