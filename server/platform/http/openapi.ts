import { z } from 'zod';
import { recorded } from '#shared/contracts/common.ts';
import type { Call } from '#shared/contracts/contract.ts';
import { type RefusalCode, refusals } from '#shared/kernel/refusals.ts';

type Schema = Readonly<Record<string, unknown>>;
type ObjectSchema = { properties?: Record<string, Schema>; required?: readonly string[] };

/** What JSON cannot say of a schema (a custom check) is left open; its `meta` still tells the form. */
export function jsonSchemaOf(schema: z.ZodType): Schema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

/** The API as an OpenAPI 3.1 document, made of the very entries that the binder binds. */
export function openApiOf(calls: readonly Call[], version: string): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const call of calls) {
    const path = call.path.replaceAll(/[:*](\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [call.method.toLowerCase()]: operationOf(call) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Muster',
      version,
      description:
        'Every call of the hub. A POST is sent as application/json, with an Origin when it has a cookie.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-muster' },
        witness: { type: 'http', scheme: 'bearer' },
      },
      schemas: { Refusal: refusalSchema(), Recorded: jsonSchemaOf(recorded) },
    },
  };
}

function operationOf(call: Call): Schema {
  const body = jsonSchemaOf(call.body) as ObjectSchema;
  const inPath = [...call.path.matchAll(/[:*](\w+)/g)].map(([, name = '']) => name);
  const given = Object.entries(body.properties ?? {}).filter(([name]) => !inPath.includes(name));
  const required = (body.required ?? []).filter((name) => !inPath.includes(name));
  const parameters = inPath.map((name) => parameter('path', name, body.properties?.[name], true));
  if (call.method === 'GET')
    parameters.push(
      ...given.map(([name, schema]) => parameter('query', name, schema, required.includes(name))),
    );
  return {
    operationId: call.name,
    summary: call.about,
    tags: [call.name.split('.')[0]],
    'x-needs': call.needs,
    'x-records': call.records,
    security: securityOf(call),
    parameters,
    ...(call.method === 'POST' && { requestBody: requestBody(given, required) }),
    responses: {
      200: { description: 'Done.', content: replyOf(call) },
      default: {
        description: 'Refused.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
      },
    },
  };
}

function securityOf({ needs }: Call): Schema[] {
  if (needs === 'nobody') return [];
  return needs === 'witness' ? [{ witness: [] }] : [{ session: [] }];
}

function parameter(
  place: 'path' | 'query',
  name: string,
  schema: Schema | undefined,
  required: boolean,
): Schema {
  return { name, in: place, required, schema: schema ?? {} };
}

function requestBody(given: readonly (readonly [string, Schema])[], required: readonly string[]): Schema {
  const schema = { type: 'object', properties: Object.fromEntries(given), required };
  return { required: true, content: { 'application/json': { schema } } };
}

/** A call that writes also says where its act stands on the record. */
function replyOf(call: Call): Schema {
  if (call.kind === 'stream') return { '*/*': { schema: { type: 'string', format: 'binary' } } };
  const reply = jsonSchemaOf(call.reply);
  const receipts = { type: 'array', items: { type: 'string' } };
  const place = {
    type: 'object',
    properties: { recorded: { $ref: '#/components/schemas/Recorded' }, receipts },
  };
  return { 'application/json': { schema: call.records.length === 0 ? reply : { allOf: [reply, place] } } };
}

function refusalSchema(): Schema {
  const codes = Object.keys(refusals) as RefusalCode[];
  const text = { type: 'string' };
  return {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'sentence'],
        properties: {
          code: { type: 'string', enum: codes },
          sentence: text,
          where: text,
          what: text,
          retryAfter: { type: 'integer' },
          id: text,
        },
      },
    },
  };
}
