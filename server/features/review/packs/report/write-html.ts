import { tlpLabels } from '#shared/policy/markings.ts';

import type { Block, Column, Report } from './report.ts';

/** The report as one page that loads nothing: no script, no link, no picture. Printed, the markings are on every sheet. */
export function writeHtml(report: Report): string {
  const { operation, recipient, packId, marking, cover, notes, sections } = report;
  const edge = `<div class="line"><b class="tlp ${classOf(marking.tlp)}">TLP:${marking.tlp}</b><span>${safe(marking.handling)}</span><span>${safe(operation)}</span><span>For ${safe(recipient)}</span><span class="mono">Pack ${packId}</span></div>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<title>${safe(operation)}: evidence pack</title>
<style>${css}</style>
</head>
<body>
<header class="edge">${edge}</header>
<footer class="edge">${edge}</footer>
<main>
<p class="over">Evidence pack</p>
<h1>${safe(operation)}</h1>
<dl>${cover.map(([label, value]) => `<dt>${safe(label)}</dt><dd>${safe(value)}</dd>`).join('\n')}</dl>
<h2 class="plain">What this is</h2>
${notes.map((note) => `<p>${safe(note)}</p>`).join('\n')}
<nav aria-label="Sections"><ol>${sections.map(({ title }, at) => `<li><a href="#s${at}">${safe(title)}</a></li>`).join('')}</ol></nav>
${sections
  .map(
    ({ title, says, blocks }, at) => `<section id="s${at}">
<h2>${safe(title)}</h2>
<p>${safe(says)}</p>
${isEmpty(blocks) ? '<p class="none">Nothing of this is in the pack.</p>' : blocks.map(writeBlock).join('\n')}
</section>`,
  )
  .join('\n')}
</main>
</body>
</html>
`;
}

function isEmpty(blocks: readonly Block[]): boolean {
  return blocks.every((block) => block.kind === 'table' && block.rows.length === 0);
}

function writeBlock(block: Block): string {
  if (block.kind === 'heading') return `<h3>${safe(block.text)}</h3><p>${safe(block.note)}</p>`;
  if (block.kind === 'text') return `<p>${safe(block.text)}</p>`;
  if (block.rows.length === 0) return '';
  const head = block.columns
    .map(({ label, look }) => `<th scope="col" class="${look}">${safe(label)}</th>`)
    .join('');
  const body = block.rows
    .map((row) => `<tr>${block.columns.map((column, at) => writeCell(column, row[at] ?? '')).join('')}</tr>`)
    .join('\n');
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>
${body}
</tbody></table></div>`;
}

function writeCell({ look }: Column, value: string): string {
  const label = look === 'tlp' ? tlpLabels.find((one) => one === value) : undefined;
  if (label !== undefined)
    return `<td class="tlp-cell"><b class="tlp ${classOf(label)}">TLP:${label}</b></td>`;
  return `<td class="${look}">${safe(value)}</td>`;
}

function classOf(tlp: string): string {
  return tlp.replace('+', '-').toLowerCase();
}

/** Also shows what would change the order of signs, or is not seen. */
function safe(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(
      /[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u00ad]/g,
      (sign) => `[U+${sign.charCodeAt(0).toString(16).toUpperCase()}]`,
    );
}

const css = `
:root{color-scheme:light;--ink:#10161f;--soft:#46505e;--faint:#636e7c;--line:#dfe4ea;--ground:#f5f7f9;--accent:#1456d9}
*{box-sizing:border-box;margin:0}
body{font:14px/1.5 Inter,"Noto Sans Thai","Noto Sans",system-ui,sans-serif;color:var(--ink);background:var(--ground)}
main{max-width:1080px;margin:0 auto;padding:72px 28px 88px;background:#fff;overflow-wrap:anywhere}
.edge{position:fixed;left:0;right:0;padding:8px 20px;background:#fff;font-size:12px;color:var(--faint);z-index:1}
.edge .mono{font-size:inherit}
.line{display:flex;gap:6px 18px;align-items:center;flex-wrap:wrap}
header.edge{top:0;border-bottom:1px solid var(--line)}footer.edge{bottom:0;border-top:1px solid var(--line)}
.tlp{padding:1px 6px;border-radius:3px;background:#000;font:700 12px/18px "JetBrains Mono",ui-monospace,monospace;white-space:nowrap;color:#fff}
td .tlp{font-size:10px;line-height:15px}
.red{color:#ff2b2b}.amber,.amber-strict{color:#ffc000}.green{color:#33ff00}
.over{margin-top:24px;color:var(--accent);font-weight:600}
h1{font-size:32px;line-height:1.2;margin-bottom:24px}
h2{font-size:20px;margin:36px 0 4px;padding-top:12px;border-top:2px solid var(--ink)}
h2.plain{border:0;padding:0;font-size:16px;margin-top:28px}
h3{font-size:15px;margin-top:20px}
p{max-width:74ch;color:var(--soft);margin-bottom:8px}
dl{display:grid;grid-template-columns:130px 1fr;border-bottom:1px solid var(--line)}
dt,dd{padding:6px 0;border-top:1px solid var(--line)}dt{color:var(--faint);font-weight:600;font-size:12px;padding-top:8px}
nav ol{columns:2;padding-left:20px;margin-top:20px}a{color:var(--accent)}
.wide{overflow-x:auto}
table{width:100%;border-collapse:collapse;margin:8px 0 12px;font-size:13px}
th{text-align:left;font-size:11px;color:var(--faint);background:var(--ground)}
th,td{padding:5px 8px;vertical-align:top;border-bottom:1px solid var(--line)}
td.text{white-space:pre-wrap}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.mono{font-family:"JetBrains Mono",ui-monospace,monospace;font-size:12px;font-variant-ligatures:none}
@media (max-width:640px){main{padding:104px 16px 120px}dl{grid-template-columns:1fr}dd{border:0;padding-top:0}nav ol{columns:1}}
@media print{
@page{margin:10mm 12mm}
body{display:table;width:100%;background:#fff}
main{display:table-row-group;padding:0}
.edge{position:static;font-size:10px}
header.edge{display:table-header-group;break-inside:avoid}footer.edge{display:table-footer-group;break-inside:avoid}
.edge .line{padding:2mm 0 4mm}footer .line{padding:4mm 0 0}
tr{break-inside:avoid}thead{display:table-header-group}nav{display:none}section{break-inside:auto}
}
`;
