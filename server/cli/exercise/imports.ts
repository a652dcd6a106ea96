import fs from 'node:fs';
import path from 'node:path';

import type { Handling, Tlp } from '#shared/policy/markings.ts';

import type { Member } from './member.ts';

export type Source = {
  readonly file: string;
  readonly format: 'stix' | 'csv' | 'text';
  /** Shown wherever the data is: the licences ask for it. */
  readonly credit: string;
  readonly tlp: Tlp;
};

export const sources = {
  pegasus: {
    file: 'pegasus.stix2.json',
    format: 'stix',
    credit: 'Amnesty International, CC-BY 2.0',
    tlp: 'GREEN',
  },
  stalkerware: { file: 'stalkerware-network.csv', format: 'csv', credit: 'Echap, CC-BY 4.0', tlp: 'GREEN' },
  telekopye: { file: 'eset-telekopye.adoc.txt', format: 'text', credit: 'ESET, BSD-2-Clause', tlp: 'CLEAR' },
  spyloan: { file: 'eset-spyloan.adoc.txt', format: 'text', credit: 'ESET, BSD-2-Clause', tlp: 'CLEAR' },
  wallets: {
    file: 'ofac-xbt.json',
    format: 'text',
    credit: 'US OFAC list, compiled by 0xB10C, MIT',
    tlp: 'AMBER',
  },
} as const satisfies Record<string, Source>;

export function handlingOf(tlp: Tlp): Handling {
  return { tlp, pap: 'GREEN', code: 'H0', caveat: '', evaluation: { scale: '4x4', grade: 'B2' } };
}

/** Preview, then commit, as an officer does it. A repeat finds everything known and writes nothing. */
export async function importFile(
  member: Member,
  at: { operation: string; compartment: string; folder: string },
  source: Source,
): Promise<number> {
  const content = fs.readFileSync(path.join(at.folder, source.file)).toString('base64');
  const preview = await member.post<{ importId: string; counts: { new: number; offered: number } }>(
    `/operations/${at.operation}/imports`,
    {
      format: source.format,
      fileName: `${source.file} · ${source.credit}`,
      content,
      compartment: at.compartment,
      handling: handlingOf(source.tlp),
    },
  );
  if (preview.counts.new === 0) return 0;
  const done = await member.act<{ written: number }>(
    `import ${preview.importId}`,
    `/operations/${at.operation}/imports/${preview.importId}/commit`,
    {},
  );
  return done.written;
}
