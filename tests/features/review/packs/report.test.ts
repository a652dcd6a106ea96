import { expect, test } from 'vitest';

import { fontFiles, fontsIn, runsOf } from '#server/features/review/packs/report/fonts.ts';
import type { Report } from '#server/features/review/packs/report/report.ts';
import { writeHtml } from '#server/features/review/packs/report/write-html.ts';
import { writePdf } from '#server/features/review/packs/report/write-pdf.ts';

import { thai } from './scene.ts';

const fonts = fontsIn('dist/pack-fonts');
const rows = Array.from({ length: 120 }, (_, at) => [String(at), `<b>${thai}</b> Nguyễn`, 'AMBER+STRICT']);
const report: Report = {
  operation: 'GLACIER / เหนือ',
  recipient: 'Court of Appeal',
  packId: 'ab'.repeat(16),
  at: Date.parse('2026-11-24T10:00:00Z'),
  marking: { tlp: 'AMBER+STRICT', handling: 'PAP:AMBER  H1' },
  cover: [['For', 'Court of Appeal']],
  notes: ['A note.'],
  sections: [
    {
      title: 'Messages',
      says: 'All of them.',
      blocks: [
        {
          kind: 'table',
          columns: [
            { label: 'Entry', share: 1, look: 'number' },
            { label: 'Words', share: 4, look: 'text' },
            { label: 'TLP', share: 2, look: 'tlp' },
          ],
          rows,
        },
      ],
    },
  ],
};

/** The words of a page, as they are drawn: glyphs are mapped back through each font's own table. */
function pagesOf(pdf: Uint8Array): { readonly count: number; readonly streams: string[] } {
  const text = Buffer.from(pdf).toString('latin1');
  const count = [...text.matchAll(/\/Type \/Page\b(?!s)/g)].length;
  const streams = [...text.matchAll(/stream\n([\s\S]*?)\nendstream/g)].map(([, body = '']) => body);
  return { count, streams: streams.filter((body) => body.includes(' Tf') && body.includes('BT')) };
}

test('[RC-79] the report is the same bytes every time, and every page bears its markings above and below', {
  timeout: 120_000,
}, async () => {
  const [first, second] = [await writePdf(report, fonts), await writePdf(report, fonts)];
  expect(Buffer.from(first).equals(Buffer.from(second))).toBe(true);
  const { count, streams } = pagesOf(first);
  expect(count).toBeGreaterThan(3);
  expect(streams).toHaveLength(count);
  for (const page of streams) {
    const chips = [...page.matchAll(/^([\d.]+) ([\d.]+) m$/gm)].map(([, , y = '']) => Number(y));
    // The two boxes of the marking: above the text and below it, in points from the top.
    expect(chips.filter((y) => y >= 30 && y < 50).length).toBeGreaterThan(0);
    expect(chips.filter((y) => y > 795 && y < 820).length).toBeGreaterThan(0);
  }
});

test('[RC-79] fonts of the report are embedded and cover Latin, Vietnamese, Thai; other signs are shown by number', () => {
  for (const file of fontFiles().filter((name) => !/greek|cyrillic|noto-sans-thai-thai/.test(name)))
    expect([file, fonts(file.replace('-normal.woff', '')).length > 0]).toEqual([file, true]);
  expect(runsOf('Nguyễn', 'regular').map(({ face, text }) => `${face} ${text}`)).toEqual([
    'inter-latin-400 Nguy',
    'inter-vietnamese-400 ễ',
    'inter-latin-400 n',
  ]);
  expect(runsOf(thai, 'strong')[0]?.face).toBe('noto-sans-thai-thai-600');
  expect(runsOf('中a\u202eb', 'regular')).toEqual([{ face: 'inter-latin-400', text: '[U+4E2D]a[U+202E]b' }]);
});

test('[RC-79] the page loads nothing, runs nothing and takes no word for markup', () => {
  const html = writeHtml(report);
  expect(html).toContain(`&lt;b&gt;${thai}&lt;/b&gt;`);
  expect(html).not.toMatch(/<(script|img|link|iframe|b>)|href="(?!#)/);
  expect(html.match(/TLP:AMBER\+STRICT<\/b><span>PAP:AMBER {2}H1/g)).toHaveLength(2);
  expect(html).toContain("default-src 'none'");
});
