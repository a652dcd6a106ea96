import type { RoomPass } from '#server/platform/access.ts';
import { type DownloadBody, download, type Handler } from '#server/platform/http/commands.ts';
import { rows, sql, type Tx } from '#server/platform/storage/store.ts';
import { exportIndicators } from '#shared/contracts/indicators.ts';
import { writeCsv } from '#shared/interchange/csv/write-csv.ts';
import type { Selector } from '#shared/interchange/selector.ts';
import { isSelectorType } from '#shared/interchange/selector.ts';
import { writeBundle } from '#shared/interchange/stix/write-bundle.ts';
import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';
import { invariant } from '#shared/kernel/failures.ts';
import { atLeastAsStrict, tlpLabels } from '#shared/policy/markings.ts';

import { columns, type IndicatorRow, seen } from './store.ts';

/** From this label up nothing leaves without a named release. [IN-56] */
const STAYS = 'AMBER+STRICT';

type Exported = IndicatorRow & { desk_name: string; desk_added: number };

export function exportHandler(): Handler {
  return download({
    call: exportIndicators,
    async act(tx, { pass, now }, { format, defang }) {
      const all = await registerOf(tx, pass);
      const leaving = all.filter(({ tlp }) => !atLeastAsStrict(tlp, STAYS));
      const perTlp = Object.fromEntries(
        tlpLabels.map((label) => [label, leaving.filter(({ tlp }) => tlp === label).length]),
      );
      return {
        facts: [
          {
            kind: 'indicators.exported',
            object: { kind: 'operation', id: pass.operation },
            compartment: pass.main,
            body: {
              format,
              defanged: format === 'csv' && defang,
              count: leaving.length,
              withheld: all.length - leaving.length,
              perTlp,
            },
          },
        ],
        reply: format === 'stix' ? stixFile(leaving, now) : csvFile(leaving, defang),
      };
    },
  });
}

function registerOf(tx: Tx, pass: RoomPass): Promise<Exported[]> {
  return rows(
    tx,
    sql`select i.*, d.name as desk_name, d.added_ms as desk_added
        from (select ${columns} from indicators where ${seen(pass)} and withdrawn_ms is null) i
        join desks d on d.code = i.originator order by i.seq, i.id`,
  );
}

function stixFile(leaving: readonly Exported[], now: number): DownloadBody {
  const identities = new Map(
    leaving.map((row) => [
      row.originator,
      { id: row.originator, name: row.desk_name, created: row.desk_added },
    ]),
  );
  const bundle = writeBundle(
    leaving.map((row) => ({
      id: row.id,
      originator: row.originator,
      selector: selectorOf(row),
      markings: { tlp: row.handling.tlp, pap: row.handling.pap },
      confidence: row.confidence,
      created: row.added_ms,
      modified: row.added_ms,
      validFrom: time(row.valid_from),
      validUntil: time(row.valid_until),
      name: row.display,
      description: row.note,
      revoked: false,
    })),
    { identities: [...identities.values()], now },
  );
  return {
    mediaType: 'application/stix+json;version=2.1',
    fileName: 'indicators.stix.json',
    chunks: () => [canonicalJson(bundle as unknown as Json)],
  };
}

function csvFile(leaving: readonly Exported[], defanged: boolean): DownloadBody {
  const text = writeCsv(
    leaving.map((row) => ({
      selector: selectorOf(row),
      tlp: row.handling.tlp,
      pap: row.handling.pap,
      firstSeen: time(row.valid_from),
      lastSeen: null,
      confidence: row.confidence,
      description: row.note,
      originator: row.originator,
    })),
    { defanged },
  );
  return { mediaType: 'text/csv; charset=utf-8', fileName: 'indicators.csv', chunks: () => [text] };
}

function selectorOf(row: IndicatorRow): Selector {
  invariant(isSelectorType(row.type), 'an indicator of an unknown type');
  return { type: row.type, value: row.value, display: row.display, key: row.key, meta: row.meta };
}

function time(text: string | null): number | null {
  return text === null ? null : Date.parse(text);
}
