import type { CountryFigures, Debrief } from '#shared/contracts/review-report.ts';

/** Columns of both files, in their order. */
const columns: readonly (readonly [keyof CountryFigures, string])[] = [
  ['country', 'Country'],
  ['members', 'Members'],
  ['acts', 'Acts'],
  ['boardChanges', 'Board changes'],
  ['messages', 'Messages'],
  ['indicators', 'Indicators'],
  ['withdrawn', 'Withdrawn'],
  ['consultations', 'Consultations'],
  ['exports', 'Exports'],
  ['denials', 'Denials'],
  ['replies', 'Replies'],
  ['medianReplyMinutes', 'Median reply, minutes'],
];

/** RFC 4180 with a byte order mark; the marking is in every row, because rows are copied. */
export function writeFigures(debrief: Debrief): string {
  const lines = debrief.countries.map((figures) => [
    `TLP:${debrief.marking}`,
    ...columns.map(([name]) => String(figures[name] ?? '')),
  ]);
  const table = [['Marking', ...columns.map(([, title]) => title)], ...lines];
  return `\ufeff${table.map((cells) => cells.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** A cell that a spreadsheet takes for a formula is marked as text. */
function cell(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** One page that needs nothing else and runs nothing. Printed, its marking is at the head and foot of every sheet. [RV-19] */
export function writePage(debrief: Debrief): string {
  const { operation, marking, from, until, countries, moments, findings } = debrief;
  const label = `TLP:${marking}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Debrief: ${html(operation.name)}</title><style>${STYLE}</style></head><body>
<p class="mark top">${html(label)}</p><p class="mark foot">${html(label)}</p>
<table class="sheet"><thead><tr><td><div class="space"></div></td></tr></thead><tfoot><tr><td><div class="space"></div></td></tr></tfoot>
<tbody><tr><td>
<h1>Debrief: ${html(operation.name)}</h1>
<p>${html(operation.purpose)}</p>
<p>${html(time(from))} to ${html(time(until))} UTC, ${debrief.asOf} entries of the record, ${html(operation.state)}.</p>
<h2>By country</h2>
${table(
  columns.map(([, title]) => title),
  countries.map((figures) => columns.map(([name]) => String(figures[name] ?? '–') || 'hub')),
)}
<h2>Findings and questions</h2>
${findings.length === 0 ? '<p>None.</p>' : findings.map(writeFinding).join('\n')}
<h2>Key moments</h2>
${table(
  ['UTC', 'Entry', 'What', 'Country', 'About'],
  moments.map(({ at, seq, kind, country, about }) => [time(at), String(seq), kind, country ?? '', about]),
)}
</td></tr></tbody></table></body></html>
`;
}

function writeFinding({
  sort,
  title,
  text,
  state,
  pinned,
  by,
  at,
  answers,
  conclusion,
}: Debrief['findings'][number]): string {
  const said = (who: typeof by, when: string) => `${html(who.name)}, ${html(who.desk)}, ${html(time(when))}`;
  const parts = [
    `<h3>${html(title)}</h3><p class="small">${html(sort)}, ${html(state)}, about entry ${pinned.seq} (${html(pinned.kind)}), ${said(by, at)}</p>`,
    text === '' ? '' : `<p class="words">${html(text)}</p>`,
    ...answers.map(
      (one) => `<p class="words">${html(one.text)}</p><p class="small">Answer: ${said(one.by, one.at)}</p>`,
    ),
  ];
  if (conclusion !== null)
    parts.push(
      `<p class="words"><b>${html(conclusion.kind)}</b>: ${html(conclusion.text)}</p><p class="small">Conclusion: ${said(conclusion.by, conclusion.at)}</p>`,
    );
  return `<section>${parts.filter((part) => part !== '').join('\n')}</section>`;
}

function table(heads: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[], tag: 'td' | 'th') =>
    `<tr>${cells.map((one) => `<${tag}>${html(one)}</${tag}>`).join('')}</tr>`;
  return `<div class="wide"><table class="list"><thead>${row(heads, 'th')}</thead><tbody>${lines.map((line) => row(line, 'td')).join('')}</tbody></table></div>`;
}

function time(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function html(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? '');
}

const STYLE = `
:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}
body{margin:0 auto;max-width:70rem;padding:0 1rem 3rem}
h1{font-size:1.6rem;margin:1rem 0 .25rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:1.25rem 0 0}
.mark{background:#000;color:#ffc000;font:700 .85rem/1.9 ui-monospace,monospace;letter-spacing:.05em;margin:0;text-align:center}
.foot{display:none}.top{position:sticky;top:0}
.small{font-size:.85rem;margin:.1rem 0;opacity:.75}.words{margin:.4rem 0;white-space:pre-wrap}
.sheet{border-collapse:collapse;width:100%}.sheet>*>tr>td{padding:0}
.wide{overflow-x:auto}.list{border-collapse:collapse;font-variant-numeric:tabular-nums;width:100%}
.list th,.list td{border-bottom:1px solid color-mix(in srgb,currentColor 22%,transparent);padding:.3rem .6rem .3rem 0;text-align:left;vertical-align:top}
.list th{font-size:.8rem}
@media print{
@page{margin:12mm}
:root{color-scheme:light;font-size:11px}body{max-width:none;padding:0}
.mark{left:0;position:fixed;right:0;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.top{top:0}.foot{bottom:0;display:block}.space{height:9mm}
.wide{overflow:visible}section,tr{break-inside:avoid}.sheet>tbody>tr{break-inside:auto}
}`;
