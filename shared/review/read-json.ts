import type { Json } from '#shared/kernel/canonical-json.ts';

/** The members of a content; none when it is no object: contents may be purged, or of an older hub. */
export function record(body: Json | undefined): { readonly [name: string]: Json | undefined } {
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? (body as { readonly [name: string]: Json })
    : {};
}

export function text(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

export function texts(value: Json | undefined): readonly string[] | null {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : null;
}

export function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

export function number(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
