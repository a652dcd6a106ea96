import { test } from 'vitest';

const variables = {
  postgres: 'TEST_DATABASE_URL',
  redis: 'TEST_REDIS_URL',
  chromium: 'TEST_CHROMIUM',
  go: 'TEST_GO',
} as const;
export type Service = keyof typeof variables;

/** What `npm test` has found or started; `undefined` when it is not there, or the tests were not run by `npm test`. */
export function serviceFor(service: Service): string | undefined {
  const value = process.env[variables[service]];
  return value === '' ? undefined : value;
}

/** A test that is reported as not run, never as passed, where one of these services is absent. */
export function testWith(...services: readonly Service[]): typeof test {
  return services.every((service) => serviceFor(service) !== undefined) ? test : (test.skip as typeof test);
}

export function mustHave(service: Service): string {
  const value = serviceFor(service);
  if (value === undefined)
    throw new Error(`${service} is needed here: guard this with testWith('${service}')`);
  return value;
}
