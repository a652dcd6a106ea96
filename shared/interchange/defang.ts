import { foldText } from './fold.ts';
import { refangWithMap } from './refang.ts';
import type { Selector } from './selector-types.ts';

const LIVE: ReadonlySet<string> = new Set(['ipv4', 'ipv6', 'cidr', 'domain', 'url', 'email']);

/** The harmless way to show an indicator: `hxxps://bad[.]example`, `a[@]b[.]example`. `refang` takes it back. [IN-5] */
export function defang(shown: Selector | string): string {
  if (typeof shown === 'string') return defangText(shown);
  if (LIVE.has(shown.type)) return defangText(shown.display.replace(/^([0-9a-f]*):(?!\/\/)/i, '$1[:]'));
  return shown.display.includes('://') ? defangText(shown.display) : shown.display;
}

function defangText(text: string): string {
  return text
    .replace(/\bhttp(s?):\/\//gi, 'hxxp$1://')
    .replace(/\bftp:\/\//gi, 'fxp://')
    .replace(/(?<!\[)\.(?=[\p{L}\p{N}_-])/gu, '[.]')
    .replace(/(?<!\[)@(?=[\p{L}\p{N}])/gu, '[@]');
}

/** Undoes the ways people write addresses so that nobody clicks them. Meant for one value; `scanText` reads whole texts. */
export function refang(text: string): string {
  const plain = foldText(text).replace(/(?<=[\p{L}\p{N}]) \. (?=[\p{L}\p{N}])/gu, '.');
  return refangWithMap(plain).text;
}
