import { readFileSync } from 'node:fs';

const folder = new URL('../../data/indicators/', import.meta.url);

export function readBytes(path: string): Uint8Array {
  return readFileSync(new URL(path, folder));
}

export function readText(path: string): string {
  return readFileSync(new URL(path, folder), 'utf8');
}

/** Test data is ours and fixed: its shape is asserted by naming it. */
export function readJson<T>(path: string): T {
  return JSON.parse(readText(path)) as T;
}
