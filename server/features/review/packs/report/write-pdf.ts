import type { Tlp } from '#shared/policy/markings.ts';
import { tlpLabels } from '#shared/policy/markings.ts';
import { ink, Page, type Style, sheet } from './page.ts';
import type { Block, Column, Report } from './report.ts';

const styles = {
  title: { look: 'strong', size: 27, colour: ink.dark },
  section: { look: 'strong', size: 15, colour: ink.dark },
  heading: { look: 'strong', size: 10.5, colour: ink.dark },
  text: { look: 'regular', size: 9.5, colour: ink.middle },
  label: { look: 'strong', size: 8, colour: ink.faint },
  cell: { look: 'regular', size: 8.5, colour: ink.dark },
  mono: { look: 'mono', size: 8, colour: ink.dark },
  edge: { look: 'regular', size: 8, colour: ink.faint },
  edgeStrong: { look: 'strong', size: 8.5, colour: ink.dark },
  cover: { look: 'regular', size: 10, colour: ink.dark },
} as const satisfies Record<string, Style>;

const WIDTH = sheet.right - sheet.left;
const GAP = 8;

/** The report as a PDF: a cover, its sections, and the markings above and below on every page. */
export async function writePdf(report: Report, font: (face: string) => Buffer): Promise<Uint8Array> {
  const page = new Page(font, { title: `${report.operation}: evidence pack`, at: report.at });
  const { doc } = page;
  const parts: Uint8Array[] = [];
  const done = new Promise<void>((resolve, reject) => {
    doc.on('data', (part: Uint8Array) => parts.push(part));
    doc.on('end', resolve);
    doc.on('error', reject);
  });
  drawCover(page, report);
  for (const { title, says, blocks } of report.sections) {
    page.need(120);
    page.y += 18;
    page.rule(page.y, ink.dark);
    page.y += 9;
    page.paragraph(title, styles.section, { after: 2 });
    page.paragraph(says, styles.text, { after: 8 });
    const empty = blocks.every((block) => block.kind === 'table' && block.rows.length === 0);
    if (empty) page.paragraph('Nothing of this is in the pack.', styles.text);
    else for (const block of blocks) drawBlock(page, block);
  }
  markPages(page, report);
  doc.end();
  await done;
  return Buffer.concat(parts);
}

function drawCover(page: Page, report: Report): void {
  page.newPage();
  page.y = 132;
  page.doc.rect(sheet.left, page.y, 34, 4).fill(ink.accent);
  page.y += 20;
  page.paragraph('Evidence pack', { ...styles.section, colour: ink.accent }, { after: 2 });
  page.paragraph(report.operation, styles.title, { after: 22 });
  for (const [label, value] of report.cover) {
    const style = /^[0-9a-f]{32}$|^[A-Za-z0-9+/]{43}=$|\/op\//.test(value)
      ? { ...styles.mono, size: 9 }
      : styles.cover;
    const lines = page.lines(value, style, WIDTH - 110);
    page.rule(page.y);
    page.drawLines(page.lines(label, styles.label, 100), styles.label, { x: sheet.left, y: page.y + 7 });
    page.drawLines(lines, style, { x: sheet.left + 110, y: page.y + 5 });
    page.y += lines.length * page.lineHeight(style) + 11;
  }
  page.rule(page.y);
  page.y += 22;
  page.paragraph('What this is', styles.heading, { after: 3 });
  for (const note of report.notes) page.paragraph(note, styles.text, { after: 5 });
  page.newPage();
  page.y -= 18;
}

function drawBlock(page: Page, block: Block): void {
  switch (block.kind) {
    case 'heading':
      page.need(70);
      page.y += 6;
      page.paragraph(block.text, styles.heading, { after: 0 });
      page.paragraph(block.note, styles.text, { after: 5 });
      return;
    case 'text':
      page.paragraph(block.text, styles.text);
      return;
    case 'table':
      drawTable(page, block.columns, block.rows);
  }
}

type Laid = { readonly column: Column; readonly x: number; readonly width: number };

function drawTable(page: Page, columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  if (rows.length === 0) return;
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  let x: number = sheet.left;
  const laid = columns.map((column): Laid => {
    const width = (column.share / shares) * (WIDTH + GAP) - GAP;
    const place = { column, x, width };
    x += width + GAP;
    return place;
  });
  page.need(50);
  drawHead(page, laid);
  for (const row of rows) drawRow(page, laid, row);
  page.y += 8;
}

function drawHead(page: Page, laid: readonly Laid[]): void {
  page.doc.rect(sheet.left - 4, page.y, WIDTH + 8, 17).fill(ink.ground);
  for (const { column, x, width } of laid) {
    const lines = page.lines(column.label, styles.label, width).slice(0, 1);
    page.drawLines(lines, styles.label, { x, y: page.y + 3.5, width, toRight: column.look === 'number' });
  }
  page.y += 20;
}

/** Longer than a page, a cell goes on under the heading of the next one. */
function drawRow(page: Page, laid: readonly Laid[], row: readonly string[]): void {
  const cells = laid.map(({ column, width }, at) => page.lines(row[at] ?? '', styleOf(column), width));
  const height = page.lineHeight(styles.cell);
  const total = Math.max(...cells.map((lines) => lines.length), 1);
  if (page.y + Math.min(total, 3) * height + 5 > sheet.bottom) startPage(page, laid);
  for (let from = 0; from < total; ) {
    const room = Math.max(1, Math.floor((sheet.bottom - page.y - 5) / height));
    const count = Math.min(room, total - from);
    for (const [at, place] of laid.entries())
      drawCell(page, place, {
        lines: (cells[at] ?? []).slice(from, from + count),
        value: from === 0 ? (row[at] ?? '') : '',
      });
    page.y += count * height + 5;
    from += count;
    if (from < total) startPage(page, laid);
  }
  page.rule(page.y - 2.5);
}

function startPage(page: Page, laid: readonly Laid[]): void {
  page.newPage();
  drawHead(page, laid);
}

function drawCell(
  page: Page,
  { column, x, width }: Laid,
  { lines, value }: { readonly lines: ReturnType<Page['lines']>; readonly value: string },
): void {
  if (column.look === 'tlp') {
    const label = tlpLabels.find((one) => one === value);
    if (label !== undefined) drawSmallTlp(page, label, x);
    return;
  }
  page.drawLines(lines, styleOf(column), { x, y: page.y, width, toRight: column.look === 'number' });
}

function drawSmallTlp(page: Page, label: Tlp, x: number): void {
  page.tlp(label, { x, y: page.y + 0.5, size: 6.2 });
}

function styleOf({ look }: Column): Style {
  return look === 'mono' ? styles.mono : styles.cell;
}

/** Marking, operation, recipient, pack and number on every page, once it is known how many there are. */
function markPages(page: Page, { marking, operation, recipient, packId }: Report): void {
  const { start, count } = page.doc.bufferedPageRange();
  for (let index = start; index < start + count; index++) {
    page.doc.switchToPage(index);
    for (const y of [30, 797]) {
      page.tlp(marking.tlp, { x: sheet.right, y, size: 12, toLeft: true });
    }
    drawOneLine(page, operation, styles.edgeStrong, { y: 30, width: 330 });
    drawOneLine(page, `For ${recipient}`, styles.edge, { y: 42, width: 330 });
    page.rule(60);
    page.rule(789);
    drawOneLine(page, `Page ${index - start + 1} of ${count}    Pack ${packId}`, styles.edge, {
      y: 796,
      width: 330,
    });
    drawOneLine(page, `${marking.handling}    For ${recipient}`.trim(), styles.edge, { y: 808, width: 330 });
    const handling = page.lines(marking.handling, styles.edge, 150).slice(0, 1);
    page.drawLines(handling, styles.edge, { x: sheet.right - 300, y: 33, width: 180, toRight: true });
  }
}

function drawOneLine(
  page: Page,
  text: string,
  style: Style,
  { y, width }: { readonly y: number; readonly width: number },
): void {
  page.drawLines(page.lines(text, style, width).slice(0, 1), style, { x: sheet.left, y });
}
