// Bundles hub, commands and workers to dist/, builds the client, and prepares the empty database image.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { rolldown } from 'rolldown';

import { isPackage, programs, workers } from './bundles.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const dist = path.join(root, 'dist');
const only = process.argv.slice(2);
const wanted = (part) => only.length === 0 || only.includes(part);

if (wanted('server')) await bundleServer();
if (wanted('image')) await prepareImage();
if (wanted('client')) {
  buildClient();
  await buildVerifyPage();
}

async function bundleServer() {
  const entries = { ...programs, ...workers };
  const input = Object.fromEntries(
    Object.entries(entries).filter(([, file]) => fs.existsSync(path.join(root, file))),
  );
  const bundle = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    logLevel: 'warn',
    external: isPackage,
  });
  const { output } = await bundle.write({
    dir: dist,
    format: 'esm',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunk-[hash].js',
  });
  const written = new Set(output.map(({ fileName }) => fileName));
  for (const name of fs.readdirSync(dist)) {
    if (/^chunk-.*\.js$/.test(name) && !written.has(name)) fs.rmSync(path.join(dist, name));
    if (/^chunk-.*\.js\.map$/.test(name) && !written.has(name.slice(0, -4))) fs.rmSync(path.join(dist, name));
  }
  await bundleTool();
  copyFonts();
  fs.rmSync(path.join(dist, 'migrations'), { recursive: true, force: true });
  fs.cpSync(path.join(root, 'server/migrations'), path.join(dist, 'migrations'), { recursive: true });
}

/** The verifier as one file that needs nothing but Node: every evidence pack carries it. */
async function bundleTool() {
  const bundle = await rolldown({
    cwd: root,
    input: path.join(root, 'server/cli/verify.ts'),
    platform: 'node',
    logLevel: 'warn',
  });
  await bundle.write({ file: path.join(dist, 'tools/verify.mjs'), format: 'esm', codeSplitting: false });
}

/** What reports are set in. */
function copyFonts() {
  const folder = path.join(dist, 'pack-fonts');
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  const families = { inter: [400, 600], 'jetbrains-mono': [400], 'noto-sans-thai': [400, 600] };
  const scripts = ['latin', 'latin-ext', 'vietnamese', 'greek', 'cyrillic', 'thai'];
  for (const [family, weights] of Object.entries(families)) {
    const files = path.join(root, 'node_modules/@fontsource', family, 'files');
    for (const script of scripts) {
      for (const weight of weights) {
        const name = `${family}-${script}-${weight}-normal.woff`;
        if (fs.existsSync(path.join(files, name)))
          fs.copyFileSync(path.join(files, name), path.join(folder, name));
      }
    }
  }
}

async function prepareImage() {
  const image = path.join(dist, 'pg-image');
  const made = `${image}/PG_VERSION`;
  if (fs.existsSync(made)) return;
  const half = `${image}.new`;
  fs.rmSync(half, { recursive: true, force: true });
  fs.mkdirSync(dist, { recursive: true });
  const { PGlite } = await import('@electric-sql/pglite');
  const db = await PGlite.create({ dataDir: half });
  await db.exec('CHECKPOINT');
  await db.close();
  fs.rmSync(image, { recursive: true, force: true });
  fs.renameSync(half, image);
}

function buildClient() {
  const built = spawnSync(
    'node',
    ['node_modules/vite/bin/vite.js', 'build', '--config', 'client/vite.config.ts', '--logLevel', 'warn'],
    { cwd: root, stdio: 'inherit' },
  );
  if (built.status !== 0) process.exit(built.status ?? 1);
  compressAssets(path.join(dist, 'client/assets'));
}

/** One file without a network: script and style stand in the page, which runs nothing but these two. */
async function buildVerifyPage() {
  const folder = path.join(root, 'client/verify-page');
  const bundle = await rolldown({
    cwd: root,
    input: path.join(folder, 'page.ts'),
    platform: 'browser',
    logLevel: 'warn',
  });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  const script = output[0].code;
  const style = fs.readFileSync(path.join(folder, 'page.css'), 'utf8');
  if (output.length !== 1 || /<\/script|<!--/i.test(script))
    throw new Error('the page does not fit into one file');
  const hash = (text) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
  const parts = {
    STYLE_HASH: hash(style),
    SCRIPT_HASH: hash(script),
    '<!-- STYLE -->': `<style>${style}</style>`,
    '<!-- SCRIPT -->': `<script>${script}</script>`,
  };
  const page = fs
    .readFileSync(path.join(folder, 'page.html'), 'utf8')
    .replace(/STYLE_HASH|SCRIPT_HASH|<!-- (?:STYLE|SCRIPT) -->/g, (name) => parts[name]);
  fs.writeFileSync(path.join(dist, 'client/verify.html'), page);
}

/** Scripts and styles, once here instead of at every download; fonts are compressed already. */
function compressAssets(folder) {
  for (const name of fs.readdirSync(folder).filter((one) => /\.(js|css|svg)$/.test(one))) {
    const file = path.join(folder, name);
    fs.writeFileSync(
      `${file}.br`,
      brotliCompressSync(fs.readFileSync(file), { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
    );
  }
}
