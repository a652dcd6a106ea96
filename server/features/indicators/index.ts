import { peopleById, personOfSession } from '#server/features/identity/index.ts';
import { type ContentTable, contentTable } from '#server/features/operations/index.ts';
import { command, type Handler, query } from '#server/platform/http/commands.ts';
import { sql } from '#server/platform/storage/store.ts';
import {
  addIndicator,
  type Indicator,
  readIndicator,
  withdrawIndicator,
} from '#shared/contracts/indicators.ts';
import {
  canonicalise,
  defang,
  detectType,
  isSelectorType,
  type Selector,
} from '#shared/interchange/selector.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import type { IndicatorId } from '#shared/kernel/ids.ts';
import { newId, type Random } from '#shared/kernel/random.ts';

import { exportHandler } from './export.ts';
import { type ImportDeps, importHandlers } from './imports.ts';
import { searchHandler } from './search.ts';
import * as store from './store.ts';

export { readOnWorker } from './reader.ts';

/** What a purge destroys here. */
export const indicatorContents: readonly ContentTable[] = [
  contentTable('indicators'),
  contentTable('imports'),
  contentTable(
    'import_preview_parts',
    (operation) =>
      sql`import_id in (select import_id from import_previews where operation_id = ${operation})`,
  ),
  contentTable('import_previews'),
];

export type IndicatorDeps = ImportDeps & { readonly random: Random };

/** The register: what each originator states, never merged with what another states. [IN-50] … */
export function indicatorHandlers(deps: IndicatorDeps): Handler[] {
  return [
    searchHandler(),
    query({
      call: readIndicator,
      async read(tx, { pass, asOf }, { indicatorId }) {
        const row = await store.indicatorById(tx, pass, indicatorId);
        if (row === null) throw refuse('not.found');
        const same = await store.sameSelector(tx, pass, row);
        const people = await peopleById(
          tx,
          [row, ...same].map((one) => one.added_by),
        );
        const present = (one: store.IndicatorRow): Indicator => {
          const by = people.get(one.added_by);
          invariant(by !== undefined, 'an indicator of nobody');
          return store.presentIndicator(one, by);
        };
        return { asOf, indicator: present(row), sameSelector: same.map(present) };
      },
    }),
    command({
      call: addIndicator,
      async act(tx, { pass, now }, input) {
        if (!pass.compartments.has(input.compartment)) throw refuse('not.found', { where: 'compartment' });
        const selector = selectorOf(input.type, input.raw, pass.session.country);
        if ((await store.knownKeys(tx, pass, [selector.key])).size > 0) {
          throw refuse('already.exists', { where: 'raw', what: 'your desk has contributed this already' });
        }
        const row: store.IndicatorRow = {
          id: newId<IndicatorId>(deps.random),
          seq: -1,
          type: selector.type,
          value: selector.value,
          display: defang(selector),
          key: selector.key,
          meta: selector.meta ?? {},
          raw: input.raw,
          note: input.note,
          handling: input.handling,
          tlp: input.handling.tlp,
          compartment_id: input.compartment,
          originator: pass.session.desk.code,
          confidence: input.confidence,
          valid_from: null,
          valid_until: null,
          actionable: true,
          added_by: pass.session.officer,
          added_ms: now,
          source: 'entered by hand',
          import_id: null,
          withdrawn_ms: null,
        };
        const by = personOfSession(pass.session);
        const { seq: _unknown, ...said } = store.presentIndicator(row, by);
        return {
          facts: [
            {
              kind: 'indicator.added',
              object: { kind: 'indicator', id: row.id },
              compartment: row.compartment_id,
              body: said as Json,
            },
          ],
          async reply([at]) {
            invariant(at !== undefined, 'an indicator without a position');
            const placed = { ...row, seq: at.seq };
            await store.insertIndicators(tx, pass, [placed]);
            return store.presentIndicator(placed, by);
          },
        };
      },
    }),
    command({
      call: withdrawIndicator,
      async act(tx, { pass, now }, { indicatorId, reason }) {
        const row = await store.indicatorById(tx, pass, indicatorId, 'for update');
        if (row === null || row.withdrawn_ms !== null) throw refuse('not.found', { where: 'indicatorId' });
        if (row.originator !== pass.session.desk.code) throw refuse('not.originator');
        await store.markWithdrawn(tx, pass, indicatorId, now);
        const people = await peopleById(tx, [row.added_by]);
        const by = people.get(row.added_by) ?? personOfSession(pass.session);
        const indicator = store.presentIndicator({ ...row, withdrawn_ms: now }, by);
        return {
          facts: [
            {
              kind: 'indicator.withdrawn',
              object: { kind: 'indicator', id: row.id },
              compartment: row.compartment_id,
              body: { ...indicator, reason } as Json,
            },
          ],
          reply: indicator,
        };
      },
    }),
    ...importHandlers(deps),
    exportHandler(),
  ];
}

function selectorOf(type: string | null, raw: string, country: string): Selector {
  const wanted = type ?? detectType(raw);
  if (wanted === null)
    throw refuse('indicator.invalid', {
      where: 'type',
      what: 'the hub cannot tell what this is; choose a type',
    });
  if (!isSelectorType(wanted))
    throw refuse('indicator.invalid', { where: 'type', what: 'there is no such type' });
  const canonical = canonicalise(wanted, raw, { defaultCountry: country });
  if (!canonical.ok) {
    throw refuse('indicator.invalid', {
      where: 'raw',
      what: [canonical.message, canonical.hint].filter(Boolean).join(' '),
    });
  }
  return canonical.selector;
}
