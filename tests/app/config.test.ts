import path from 'node:path';
import { expect, test } from 'vitest';

import { ConfigProblem, readConfig, settings } from '#server/app/config.ts';

function problemsOf(
  environment: Record<string, string>,
  mode: 'live' | 'exercise' = 'live',
): readonly string[] {
  try {
    readConfig(environment, mode);
    return [];
  } catch (error) {
    if (error instanceof ConfigProblem) return error.problems;
    throw error;
  }
}
const namesOf = (problems: readonly string[]) => problems.map((problem) => problem.split(':')[0]);

test('without any setting a hub listens on localhost, with everything beside it in this folder', () => {
  const config = readConfig({}, 'live');
  expect(config).toMatchObject({
    PORT: 8080,
    HOST: 'localhost',
    SIGNER: true,
    LOG_LEVEL: 'info',
    TRUST_PROXY: 0,
  });
  expect(config.SECRET_FILE).toBe(path.resolve('data/secret.key'));
  expect(config.origins).toEqual(['http://localhost:8080', 'http://127.0.0.1:8080', 'http://[::1]:8080']);
  expect(readConfig({ PUBLIC_URL: 'https://muster.example/' }, 'live').origins).toEqual([
    'https://muster.example',
  ]);
});

test('all problems are told at once, each in the words of its setting', () => {
  const wrong = {
    PORT: '99999',
    PUBLIC_URL: 'ftp://muster.example',
    DATABASE_URL: 'mysql://x',
    DATABASE_POOL: '1',
    REDIS_URL: 'http://x',
    SIGNER: 'yes',
    LOG_ORIGIN: 'Has Spaces',
    RESTORED: 'two words',
    HUB_NAME: 'x'.repeat(61),
    TRUST_PROXY: '-1',
    METRICS_TOKEN: 'short',
    LOG_LEVEL: 'loud',
  };
  const problems = problemsOf(wrong);
  expect(namesOf(problems)).toEqual(Object.keys(wrong));
  for (const [at, name] of Object.keys(wrong).entries())
    expect(problems[at]).toContain(settings[name as keyof typeof settings].about);
});

test('a setting that cannot be read hides no contradiction among the others', () => {
  const wrong = {
    PORT: 'abc',
    REDIS_URL: 'redis://x',
    DATA_DIR: '/tmp/d',
    SIGNER_DIR: '/tmp/d/s',
    PUBLIC_URL: 'https://muster.example/path',
  };
  expect(namesOf(problemsOf(wrong))).toEqual(['PORT', 'REDIS_URL', 'SIGNER_DIR', 'PUBLIC_URL']);
});

test('settings that contradict each other are told at once too', () => {
  const problems = problemsOf({
    REDIS_URL: 'redis://localhost',
    SIGNER_DIR: 'data/signer',
    PUBLIC_URL: 'http://muster.example',
  });
  expect(namesOf(problems)).toEqual(['REDIS_URL', 'SIGNER_DIR', 'PUBLIC_URL']);
});

test('[AC-27] an exercise binds to loopback only', () => {
  expect(namesOf(problemsOf({ HOST: '0.0.0.0' }, 'exercise'))).toEqual(['HOST']);
  expect(problemsOf({ HOST: '127.0.0.1' }, 'exercise')).toEqual([]);
  expect(problemsOf({ HOST: '0.0.0.0' }, 'live')).toEqual([]);
});

test('an empty setting is one that is not set', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: '', SIGNER: '' }, 'live')).toMatchObject({
    PORT: 8080,
    SIGNER: true,
  });
});
