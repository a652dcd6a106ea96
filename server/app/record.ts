import path from 'node:path';
import { migrate } from '#server/platform/storage/migrate.ts';
import { startAnchors } from '#server/record/anchors.ts';
import { makeAppends } from '#server/record/append.ts';
import { watchCheckpoints } from '#server/record/checkpoint-watch.ts';
import { noteCuts } from '#server/record/cuts.ts';
import { keepDenials } from '#server/record/denials.ts';
import { startFeed } from '#server/record/feed.ts';
import { certifyReceiptKey, openReceipts, receiptSigner } from '#server/record/receipts/receipts.ts';
import { startSigner } from '#server/record/signer.ts';
import { openLastSigned } from '#server/record/signing/last-signed.ts';
import { openSeedFile } from '#server/record/signing/seed-file.ts';
import { borrowedVouching, ownVouching } from '#server/record/vouching.ts';

import { bootstrap } from './bootstrap.ts';
import type { Config } from './config.ts';
import type { Ground } from './ground.ts';

/** The record of the hub and of each operation: migrated, written, told of, signed where this node signs, and watched. */
export async function openRecord(config: Config, ground: Ground, onError: (error: unknown) => void) {
  const { store, bus, clock, random, log } = ground;
  await migrate(store, path.join(ground.distFolder, 'migrations'));
  const { append, appendTogether } = makeAppends({ clock, random });
  const { logOrigin } = await bootstrap(config, { store, append, clock, random, version: ground.version });
  await noteCuts(
    { store, append, clock, random, log },
    {
      remembered: config.SIGNER ? openLastSigned(config.SIGNER_DIR, random) : null,
      declared: config.RESTORED ?? null,
    },
  );
  const feed = await startFeed({ store, bus, clock, onError });
  const denials = keepDenials({ store, append, announce: feed.announce, clock, onError });
  const signer = config.SIGNER ? startSigner({ store, clock, random, folder: config.SIGNER_DIR, log }) : null;
  const vouching = signer === null ? borrowedVouching({ store, clock }) : ownVouching(signer);
  const receiptKey = signer
    ? signer.receiptSigner(`${logOrigin}/hub`)
    : receiptSigner(openSeedFile(config.RECEIPT_KEY_FILE, random), `${logOrigin}/hub`);
  const receipts = openReceipts(receiptKey, logOrigin);
  await certifyReceiptKey({ store, append }, receipts.vkey);
  const anchors =
    signer === null ? null : startAnchors({ store, append, announce: feed.announce, clock, signer, onError });
  const checkpoints = watchCheckpoints({ store, clock, onError });
  return {
    append,
    appendTogether,
    logOrigin,
    feed,
    denials,
    vouching,
    receipts,
    warnings: () => [...checkpoints.alarms(), ...(signer?.warnings() ?? [])],
    async stop() {
      await denials.settle();
      await anchors?.stop();
      await signer?.stop();
      checkpoints.stop();
      await feed.stop();
    },
  };
}
