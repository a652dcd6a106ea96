import { randomBytes } from 'node:crypto';
import type { z } from 'zod';

import { jsonSchemaOf } from '#server/platform/http/openapi.ts';
import type { Call } from '#shared/contracts/contract.ts';
import { isId } from '#shared/kernel/ids.ts';

type Schema = {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
};

export type Sample = { readonly method: 'GET' | 'POST'; readonly path: string; readonly body: object };

/** A request that has the shape of the call, with made-up ids except those given. */
export function sampleOf(call: Call, given: Readonly<Record<string, unknown>> = {}): Sample {
  const input = { ...inputOf(call.body), ...given };
  const inPath = new Set([...call.path.matchAll(/[:*](\w+)/g)].map(([, name = '']) => name));
  const path = call.path.replaceAll(/[:*](\w+)/g, (_all, name: string) => String(Reflect.get(input, name)));
  const rest = Object.fromEntries(Object.entries(input).filter(([name]) => !inPath.has(name)));
  if (call.method === 'POST') return { method: 'POST', path, body: rest };
  const query = new URLSearchParams(Object.entries(rest).map(([name, value]) => [name, String(value)]));
  return { method: 'GET', path: query.size === 0 ? path : `${path}?${query}`, body: {} };
}

function inputOf(schema: z.ZodType): Record<string, unknown> {
  const made = valueFor(jsonSchemaOf(schema) as Schema);
  return made as Record<string, unknown>;
}

function valueFor(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined)
    return valueFor(schema.anyOf.find(({ type }) => type === 'null') ?? schema.anyOf[0] ?? {});
  if (schema.oneOf !== undefined) return valueFor(schema.oneOf[0] ?? {});
  switch (schema.type) {
    case 'object': {
      const required = schema.required ?? [];
      return Object.fromEntries(required.map((name) => [name, valueFor(schema.properties?.[name] ?? {})]));
    }
    case 'array':
      return [];
    case 'integer':
    case 'number':
      return schema.minimum ?? 0;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return textOf(schema);
  }
}

function textOf({ pattern, minLength }: Schema): string {
  const id = randomBytes(16).toString('hex');
  if (pattern === undefined) return 'made up'.padEnd(minLength ?? 0, '.');
  const fits = [
    id,
    '123456',
    'XX',
    'SG-X1',
    'a'.repeat(43),
    'nobody@desk.example',
    '2026-11-23T12:00:00Z',
  ].find((text) => new RegExp(pattern).test(text));
  if (fits === undefined) throw new Error(`no sample for ${pattern}`);
  return isId(fits) ? id : fits;
}
