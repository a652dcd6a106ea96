import { run } from './app/run.ts';

await run('live', async ({ hub, url }) => {
  const link = await hub.firstLink();
  process.stdout.write(`\nMuster is at ${url}\n`);
  if (link !== null) {
    // Straight to the terminal, not through the log: the token is a secret, good once and for an hour.
    process.stdout.write(
      `\nNobody administers this hub yet. Open this link once, within an hour:\n  ${url}/enrol#${link.token}\n\n`,
    );
  }
});
