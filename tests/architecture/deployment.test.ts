import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

import { readConfig, settings } from '#server/app/config.ts';

import { readText, root } from './source.ts';

type Variable = { readonly block: string; readonly name: string; readonly value: string };

/** Enough of YAML for our own file: the variables under `environment:` of each service, and of the shared block. */
function environmentOf(text: string): Variable[] {
  const variables: Variable[] = [];
  let block = '';
  let inside = -1;
  for (const line of text.split('\n')) {
    const indent = line.search(/\S/);
    if (indent < 0) continue;
    const [, key, value = ''] = /^\s*([\w.-]+):\s?(.*)$/.exec(line) ?? [];
    if (indent === 0 || (indent === 2 && value === '')) block = key ?? block;
    if (indent <= inside) inside = -1;
    if (inside >= 0 && key !== undefined && /^[A-Z]/.test(key)) variables.push({ block, name: key, value });
    if (key === 'environment' || key === 'x-hub-environment') inside = indent;
  }
  return variables;
}

const compose = readText('docker-compose.yml');
const variables = environmentOf(compose);
const ofHubs = variables.filter(({ block }) => /^(hub-\d+|x-hub-environment)$/.test(block));
const names = Object.keys(settings);

test('docker-compose.yml gives the hubs only settings that exist', () => {
  expect(ofHubs.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['PUBLIC_URL', 'DATABASE_URL', 'REDIS_URL', 'SIGNER']),
  );
  expect(ofHubs.filter(({ name }) => !names.includes(name))).toEqual([]);
  const inImage = [...readText('Dockerfile').matchAll(/^ENV (.+)$/gm)].flatMap(([, line = '']) =>
    line.split(' ').map((one) => one.split('=')[0] ?? ''),
  );
  expect(inImage.filter((name) => name !== 'NODE_ENV' && !names.includes(name))).toEqual([]);
});

test('each hub of docker-compose.yml starts with the settings it is given', () => {
  const given: Record<string, string> = {
    PUBLIC_HOST: 'muster.example',
    LOG_ORIGIN: 'muster.example',
    POSTGRES_PASSWORD: 'p4ss',
    REDIS_PASSWORD: 'p4ss',
  };
  const fill = (value: string) =>
    value
      .replace(/^'(.*)'$/, '$1')
      .replaceAll(
        /\$\{(\w+)(?::[?-]([^}]*))?\}/g,
        (_all, name: string, otherwise = '') => given[name] ?? otherwise,
      );
  const image = [...readText('Dockerfile').matchAll(/^ENV (.+)$/gm)].flatMap(([, line = '']) =>
    line.split(' ').map((one) => one.split('=') as [string, string]),
  );
  for (const hub of ['hub-1', 'hub-2']) {
    const own = ofHubs
      .filter(({ block }) => block === 'x-hub-environment' || block === hub)
      .map(({ name, value }) => [name, fill(value)] as const);
    const config = readConfig(Object.fromEntries([...image, ...own]), 'live');
    expect(config).toMatchObject({
      origins: ['https://muster.example'],
      SIGNER: hub === 'hub-1',
      TRUST_PROXY: 1,
      LOG_ORIGIN: 'muster.example',
    });
    expect(new URL(config.DATABASE_URL ?? '').hostname).toBe('postgres');
  }
});

test('exactly one hub of docker-compose.yml signs', () => {
  expect(ofHubs.filter(({ name }) => name === 'SIGNER').map(({ block, value }) => [block, value])).toEqual([
    ['hub-1', "'true'"],
    ['hub-2', "'false'"],
  ]);
});

test('no secret has a value or a default in docker-compose.yml', () => {
  const secret = /PASSWORD|AUTH|TOKEN|_URL$/;
  const open = variables.filter(({ name, value }) => secret.test(name) && !/\$\{\w+:\?[^}]*\}/.test(value));
  expect(variables.filter(({ name }) => secret.test(name)).length).toBeGreaterThan(3);
  expect(open).toEqual([]);
  expect(compose).not.toMatch(/(PASSWORD|TOKEN)[^}\n]*:-/);
});

test('docs/guides/run-a-hub.md lists every setting in its own words', () => {
  const page = readText('docs/guides/run-a-hub.md');
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| ([^|]*) \| (.+?) \|$/gm)].map(
    ([, name, unset, about]) => ({
      name,
      unset,
      about,
    }),
  );
  const expected = Object.entries(settings).map(([name, { about, shape }]) => {
    const unset: unknown = shape.safeParse(undefined).data;
    return { name, unset: unset === undefined ? '' : `\`${String(unset)}\``, about };
  });
  expect(rows).toEqual(expected);
});

test('the image holds what its commands start', () => {
  const image = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-image-'));
  layOut(image);
  // Without anything to do each says how it is used: it has started, and has not tried to build itself.
  const commands = [
    ['scripts/muster.mjs', 'witness'],
    ['scripts/muster.mjs', 'verify'],
    ['scripts/run-verify.mjs'],
    ['scripts/run-verify.mjs', 'certificate'],
    ['scripts/run-verify.mjs', '--receipts'],
  ];
  const { bin, scripts } = JSON.parse(readText('package.json')) as Record<
    'bin' | 'scripts',
    Record<string, string>
  >;
  const offered = [bin.muster, scripts.verify, scripts.witness, scripts.receipts].map(
    (text) => /scripts\/[\w-]+\.mjs/.exec(text ?? '')?.[0],
  );
  expect(new Set(offered)).toEqual(new Set(commands.map(([file]) => file)));
  for (const [file = '', ...args] of commands) {
    const { status, stderr } = spawnSync(process.execPath, [file, ...args], { cwd: image, encoding: 'utf8' });
    expect({ file, args, status }).toEqual({ file, args, status: 2 });
    expect(stderr).toMatch(/^Usage: |\nUsage: /);
  }
  fs.rmSync(image, { recursive: true });
});

/** The last stage of the Dockerfile, with the packages and the build of this checkout. */
function layOut(image: string): void {
  const stage =
    readText('Dockerfile')
      .split(/^FROM /m)
      .at(-1) ?? '';
  for (const [, from, given = ''] of stage.matchAll(/^COPY (--from=\w+ )?(.+)$/gm)) {
    const [to = '', ...files] = given.split(' ').reverse();
    for (const file of files) {
      const target = path.join(image, to.endsWith('/') ? path.join(to, path.basename(file)) : to);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      if (from === undefined) fs.copyFileSync(path.join(root, file), target);
      else fs.symlinkSync(path.join(root, path.basename(file)), target);
    }
  }
}
