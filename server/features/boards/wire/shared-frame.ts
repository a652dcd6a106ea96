const BINARY = 0x82;

/** A message for many sockets: framed once (RFC 6455, 5.2, unmasked as from a server), and written to each as it is. */
export type SharedFrame = { readonly message: Uint8Array; readonly framed: Uint8Array };

export function sharedFrame(message: Uint8Array): SharedFrame {
  const { length } = message;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const framed = Buffer.allocUnsafe(head + length);
  framed[0] = BINARY;
  framed[1] = head === 2 ? length : head === 4 ? 126 : 127;
  if (head === 4) framed.writeUInt16BE(length, 2);
  if (head === 10) framed.writeBigUInt64BE(BigInt(length), 2);
  framed.set(message, head);
  return { message, framed };
}
