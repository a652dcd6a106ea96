import fs from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

/** A source file as the checks read it. `imports` are repository paths, or bare package names. */
export type SourceFile = {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly { readonly target: string; readonly names: string }[];
};

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(?:([^'";]*?)\s+from\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g;

export function readText(file: string): string {
  return fs.readFileSync(path.join(root, file), 'utf8');
}

/** Files under `folder` whose name ends so, as repository paths. Generated folders and data are left out. */
export function filesUnder(folder: string, ending: RegExp): string[] {
  const start = path.join(root, folder);
  if (!fs.existsSync(start)) return [];
  return fs
    .readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((file) => !file.startsWith('tests/data/') && !file.includes('node_modules/'))
    .sort();
}

export function sourceUnder(...folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) => filesUnder(folder, /\.tsx?$/)).map(readSource);
}

function readSource(file: string): SourceFile {
  const text = readText(file);
  const imports = [...text.matchAll(IMPORT)].map(([, names, from, dynamic]) => ({
    target: resolve(file, from ?? dynamic ?? ''),
    names: names ?? '',
  }));
  return { path: file, text, imports };
}

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('#')) return specifier.slice(1);
  if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(from), specifier);
  return specifier;
}

/** Code without comments and the contents of plain strings, for searches that prose would mislead. */
export function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
