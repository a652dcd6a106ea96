// What is bundled from the server, by the name of its file in dist/. Tests are left out of an image, and so are their parts.

/** Threads that the hub starts by name: whoever bundles a hub bundles these with it. */
export const workers = {
  'embedded-worker': 'server/platform/storage/embedded-worker.ts',
  'interchange-worker': 'server/features/indicators/interchange-worker.ts',
  'board-worker': 'server/features/boards/engine/checkpoints/checkpoint-worker.ts',
  'board-replay-worker': 'server/features/boards/history/replay-worker.ts',
  'review-worker': 'server/features/review/words/board-texts-worker.ts',
  'pack-worker': 'server/features/review/packs/report/worker.ts',
};

export const programs = {
  main: 'server/main.ts',
  exercise: 'server/exercise.ts',
  verify: 'server/cli/verify.ts',
  muster: 'server/cli/muster.ts',
  receipts: 'server/cli/receipts.ts',
  'review-follower': 'tests/features/review/follower-entry.ts',
  'fault-hub': 'tests/faults/support/hub-entry.ts',
};

/** Packages stay where they are. */
export const isPackage = (id) => /^(node:|[a-z@](?!.*\.ts$))/.test(id) && !id.startsWith('/');
