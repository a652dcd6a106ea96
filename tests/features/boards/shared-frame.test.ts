import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';

import { sharedFrame } from '#server/features/boards/wire/shared-frame.ts';

test('a message framed once is what a client of any size of message reads, between frames of the library', async () => {
  const messages = [0, 1, 125, 126, 65_535, 65_536, 300_000].map((length) =>
    Buffer.alloc(length, length % 251),
  );
  const server = http.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on('upgrade', (request, line, head) => {
    sockets.handleUpgrade(request, line, head, (ws) => {
      for (const message of messages) {
        line.write(sharedFrame(message).framed);
        ws.send(Buffer.from('between'));
      }
      ws.close(1000);
    });
  });
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const heard: Buffer[] = [];
  client.on('message', (data) => heard.push(data as Buffer));
  const [code] = await once(client, 'close');
  expect(code).toBe(1000);
  expect(heard).toEqual(messages.flatMap((message) => [message, Buffer.from('between')]));
  sockets.close();
  server.close();
});
