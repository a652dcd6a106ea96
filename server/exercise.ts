import path from 'node:path';

import { bundleFolder } from './app/ground.ts';
import { run } from './app/run.ts';
import { systemClock, systemRandom } from './app/system.ts';
import { enrolCast } from './cli/exercise/cast.ts';
import { seedExercise } from './cli/exercise/seed.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

await run('exercise', async ({ hub, url }) => {
  const { store, append } = hub;
  say('\nPreparing the exercise, Operation GLACIER …');
  const people = await enrolCast({ store, append, random: systemRandom, now: systemClock.now() });
  const folder = path.join(bundleFolder(), '..', 'exercise', 'data');
  await seedExercise(url, { people, folder, say });
  say(`\nEXERCISE ready at ${url}: sign in as anybody with one click.`);
  say(
    'Every person and event in it is made up; the indicators are real and public (exercise/data/SOURCES.md).\n',
  );
});
