import { afterAll, beforeAll, expect, test } from 'vitest';

import { allCalls } from '#shared/contracts/registry.ts';

import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { codeOf, refusal, told } from '#tests/support/refusal.ts';
import { sampleOf } from '#tests/support/samples.ts';

let hub: TestHub;
let glacier: Operation;
let tan: TestOfficer;
beforeAll(async () => {
  hub = await startHub();
  glacier = await hub.operation('GLACIER');
  tan = await hub.signIn('tan.wei');
});
afterAll(stopHubs);

const amber = { tlp: 'AMBER', pap: 'AMBER', code: 'H0', caveat: '', evaluation: null };
const post = (body: unknown, headers: Record<string, string> = {}) =>
  tan.request('POST', `/operations/${glacier.id}/messages`, body, headers);
const right = () => ({
  commandId: tan.commandId(),
  text: 'Here.',
  compartment: glacier.main,
  handling: amber,
});

test('[AC-12] a request that changes anything needs the hub’s own Origin', async () => {
  expect((await post(right())).status).toBe(200);
  const foreign = [
    'https://evil.example',
    'null',
    hub.url.replace('http:', 'https:'),
    `${hub.url}.evil.example`,
  ];
  for (const origin of foreign)
    expect(told(await post(right(), { origin }))).toEqual(refusal('origin.refused', { where: 'Origin' }));
  const bare = await fetch(`${hub.url}/api/v1/operations/${glacier.id}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: tan.cookie ?? '' },
    body: JSON.stringify(right()),
  });
  expect({ status: bare.status, body: await bare.json() }).toEqual(
    refusal('origin.refused', { where: 'Origin', what: 'a request with a cookie states its Origin' }),
  );
});

test('[AC-12] reading needs no Origin, but no page of another site may read', async () => {
  const read = async (headers: Record<string, string>) => {
    const response = await fetch(`${hub.url}/api/v1/me`, {
      headers: { cookie: tan.cookie ?? '', ...headers },
    });
    return response.status;
  };
  expect(await read({})).toBe(200);
  expect(await read({ 'sec-fetch-site': 'same-origin' })).toBe(200);
  expect(await read({ 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await read({ 'sec-fetch-site': 'same-site' })).toBe(403);
  expect(await read({ origin: 'https://evil.example' })).toBe(403);
});

test('[AC-12] a WebSocket is refused before its upgrade without an Origin, with a foreign one, and without a session', async () => {
  const upgrade = async (path: string, headers: Record<string, string>) => {
    const { request } = await import('node:http');
    return new Promise<{ status: number; code: unknown }>((answered, failed) => {
      const asked = request(`${hub.url}${path}`, {
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': Buffer.from('a'.repeat(16)).toString('base64'),
          ...headers,
        },
      });
      asked.once('upgrade', (response, socket) => {
        socket.destroy();
        answered({ status: response.statusCode ?? 0, code: null });
      });
      asked.once('response', (response) => {
        let text = '';
        response.on('data', (part) => {
          text += String(part);
        });
        response.once('end', () => answered({ status: response.statusCode ?? 0, code: codeIn(text) }));
      });
      asked.once('error', failed);
      asked.end();
    });
  };
  const cookie = tan.cookie ?? '';
  const own = { origin: hub.url };
  const board = `/y/${glacier.id}/${'b'.repeat(32)}`;
  for (const path of ['/socket.io/?EIO=4&transport=websocket', board]) {
    expect(await upgrade(path, { cookie })).toEqual({ status: 403, code: 'origin.refused' });
    expect(await upgrade(path, { cookie, origin: 'https://evil.example' })).toEqual({
      status: 403,
      code: 'origin.refused',
    });
    expect(await upgrade(path, own)).toEqual({ status: 401, code: 'session.missing' });
    expect(await upgrade(path, { ...own, cookie })).toEqual({ status: 101, code: null });
  }
  expect(await upgrade('/elsewhere', { ...own, cookie })).toEqual({ status: 404, code: 'not.found' });
  expect((await tan.get('/me')).status).toBe(200);
});

function codeIn(text: string): unknown {
  return Reflect.get(Object(Reflect.get(Object(JSON.parse(text)), 'error')), 'code');
}

test('[AC-13] media type, size, JSON and shape are refused each with its code', async () => {
  const media = refusal('bad.media-type', { where: 'Content-Type' });
  expect(told(await post(right(), { 'content-type': 'text/plain' }))).toEqual(media);
  expect(told(await post('text=Here', { 'content-type': 'application/x-www-form-urlencoded' }))).toEqual(
    media,
  );
  const large = { ...right(), text: 'x'.repeat(70_000) };
  expect(told(await post(large))).toEqual(refusal('too.large', { where: 'body' }));
  const broken = await post('{"text": "Here."');
  expect(codeOf(broken)).toBe('bad.json');
  expect(broken).toMatchObject({
    status: 400,
    body: { error: { where: 'body', what: expect.stringContaining('JSON') } },
  });
  for (const body of ['[]', '"text"', 'null', '1']) {
    const answered = await post(body);
    expect([400, codeOf(answered)], body).toEqual([
      answered.status,
      body === '[]' ? 'bad.request' : 'bad.json',
    ]);
  }
});

test('[AC-13] a wrong shape is refused with the place where it breaks', async () => {
  const wrong: readonly (readonly [object, string])[] = [
    [{ text: '' }, 'text'],
    [{ text: 7 }, 'text'],
    [{ commandId: 'short' }, 'commandId'],
    [{ compartment: 'ABC' }, 'compartment'],
    [{ handling: { ...amber, tlp: 'WHITE' } }, 'handling.tlp'],
    [{ handling: { ...amber, evaluation: { scale: '4x4', grade: 'Z9' } } }, 'handling.evaluation'],
    [{ mentions: ['x'] }, 'mentions.0'],
    [{ text: 'x'.repeat(4001) }, 'text'],
  ];
  for (const [change, where] of wrong) {
    const answered = await post({ ...right(), ...change });
    expect(answered, where).toMatchObject({ status: 400, body: { error: { code: 'bad.request', where } } });
  }
  const { commandId: _none, ...without } = right();
  expect(await post(without)).toMatchObject({ status: 400, body: { error: { where: 'commandId' } } });
  expect(await tan.get(`/operations/${glacier.id}/messages?limit=many`)).toMatchObject({
    status: 400,
    body: { error: { where: 'limit' } },
  });
  expect(await tan.get('/operations/not-an-id')).toMatchObject({
    status: 400,
    body: { error: { where: 'operationId' } },
  });
});

test('[AC-13] what the body claims of the path does not count', async () => {
  const other = await hub.operation('TUNDRA');
  const answered = await post({ ...right(), operationId: other.id });
  expect(answered.status).toBe(200);
  const { messages } = await tan.must<{ messages: object[] }>('GET', `/operations/${other.id}/messages`);
  expect(messages).toEqual([]);
});

test('[AC-14] what is no call is refused, whatever the method', async () => {
  const none = refusal('no.such.call');
  expect(told(await tan.get('/nothing'))).toEqual(none);
  expect(told(await tan.post('/operations/constructor/close/now'))).toEqual(none);
  expect(told(await tan.post(`/operations/${glacier.id}`))).toEqual(none);
  for (const method of ['DELETE', 'PUT', 'PATCH']) {
    const response = await fetch(`${hub.url}/api/v1/operations/${glacier.id}`, {
      method,
      headers: { origin: hub.url, cookie: tan.cookie ?? '' },
    });
    expect({ status: response.status, body: await response.json() }).toEqual(none);
  }
  const malformed = await fetch(`${hub.url}/api/v1/operations/%E0%A4%A`, {
    headers: { cookie: tan.cookie ?? '' },
  });
  expect(malformed.status).toBe(400);
});

test('[AC-14] over a socket too, also for names that every object has', async () => {
  const live = await tan.connect();
  for (const name of [
    'nothing',
    'constructor',
    '__proto__',
    'toString',
    'identity.sign-in',
    'exercise.sign-in',
  ])
    expect(await live.say('call', { name, input: {} })).toMatchObject({
      ok: false,
      refusal: { code: 'no.such.call' },
    });
  expect(await live.say('call', { name: 'identity.me', input: {} })).toMatchObject({
    ok: true,
    reply: { handle: 'tan.wei' },
  });
});

test('[AC-16] the API describes exactly the calls that are bound', async () => {
  const { body, status } = await hub.stranger().get('/openapi.json');
  expect(status).toBe(200);
  const { paths, info } = body as {
    paths: Record<string, Record<string, { operationId: string }>>;
    info: object;
  };
  expect(info).toMatchObject({ title: 'Muster', version: '0.0.0-test' });
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { operationId }] of Object.entries(methods)) {
      const filled = path.replaceAll(/\{\w+\}/g, 'f'.repeat(32));
      const answered = await hub.stranger().request(method === 'get' ? 'GET' : 'POST', filled, {});
      expect(codeOf(answered), operationId).not.toBe('no.such.call');
    }
  }
});

test('[RF-4] every answer keeps pages of others out, and is not kept by anybody on the way', async () => {
  const { headers } = await tan.get('/me');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-powered-by')).toBe(null);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('access-control-allow-origin')).toBe(null);
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*/);
});

test('[AC-28] a NUL or half a character is refused in every text of every call, and never an internal error', async () => {
  for (const call of allCalls) {
    const { method, path, body } = sampleOf(call, { operationId: glacier.id });
    if (method === 'GET') {
      const asked = await tan.get(`${path}${path.includes('?') ? '&' : '?'}text=a%00b`);
      expect(asked.status, call.name).toBeLessThan(500);
      continue;
    }
    for (const [name] of Object.entries(body).filter(([, value]) => typeof value === 'string'))
      for (const bad of ['a\0b', 'a\ud800b']) {
        const answered = await tan.request('POST', path, { ...body, [name]: bad });
        expect(answered.status, `${call.name} ${name}`).toBeLessThan(500);
      }
  }
  const what = 'a NUL or half a character: neither can be stored';
  expect(told(await post({ ...right(), text: 'a\0b' }))).toEqual(
    refusal('bad.request', { where: 'text', what }),
  );
  expect(told(await tan.get(`/operations/${glacier.id}/indicators?text=%00`))).toEqual(
    refusal('bad.request', { where: 'text', what }),
  );
});
