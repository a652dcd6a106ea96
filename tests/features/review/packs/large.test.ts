import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { asId, type CompartmentId } from '#shared/kernel/ids.ts';
import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';

import { packFor, verifyWhole } from './support.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(stopHubs);

test('[RC-74] a large record leaves page by page, its bundles and tiles as the tree gives them', {
  timeout: 300_000,
}, async ({ annotate }) => {
  const operation = await hub.operation('MONSOON');
  const tan = await hub.signIn('tan.wei');
  const indicator = (at: number) => ({
    id: at.toString(16).padStart(32, '0'),
    type: 'domain',
    value: `pay-${at}.example`,
    tlp: 'AMBER',
    pap: 'GREEN',
    note: '',
  });
  const facts = Array.from({ length: 3_000 }, (_, at) => ({
    kind: 'indicators.import-part' as const,
    by: { kind: 'hub' as const },
    object: { kind: 'import', id: 'ab'.repeat(16) },
    // Every thousandth entry is for the lane alone: its bundle cannot be given whole.
    compartment: asId<CompartmentId>(at % 1000 === 999 ? operation.partners : operation.main),
    outcome: 'ok' as const,
    command: null,
    body: { indicators: at % 10 === 0 ? [indicator(at)] : [] },
  }));
  const { append, store } = hub.hub;
  for (let at = 0; at < facts.length; at += 500)
    await store.write((tx) =>
      append(tx, { log: operation.id, epoch: null, facts: facts.slice(at, at + 500) }),
    );
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  const started = performance.now();
  const pack = await packFor(tan, operation, {
    recipient: { kind: 'outside', name: 'A court', compartments: [asId(operation.main)], namedRelease: true },
  });
  const took = performance.now() - started;
  loop.disable();
  const verdict = verifyWhole(pack.bytes);
  expect(verdict).toMatchObject({ ok: true, withheld: 3 });
  void annotate(
    `${pack.bytes.length} bytes in ${took.toFixed(0)} ms; event loop p99 ${(loop.percentile(99) / 1e6).toFixed(0)} ms, longest ${(loop.max / 1e6).toFixed(0)} ms`,
  );
});
