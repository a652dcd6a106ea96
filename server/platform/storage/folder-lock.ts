import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

/**
 * Keeps a second process off a data folder. The lock is a listening socket, which the system drops with the process,
 * however it dies; a leftover file of a dead one is recognised by nobody answering.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const address = addressFor(folder);
  try {
    return await listen(address);
  } catch (error) {
    if (!isInUse(error)) throw error;
  }
  if (await somebodyAnswers(address)) {
    throw new Error(
      `The data folder ${folder} is in use by another Muster process. Stop it, or set DATA_DIR to another folder.`,
    );
  }
  fs.rmSync(address, { force: true });
  return listen(address);
}

/** Abstract sockets (Linux) leave nothing behind; elsewhere a file in the folder, within the length limit of sun_path. */
function addressFor(folder: string): string {
  const real = fs.realpathSync(folder);
  const { dev, ino } = fs.statSync(real);
  if (process.platform === 'linux') {
    return `\0muster-${createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 32)}`;
  }
  return path.join(real, 'lock.sock');
}

function listen(address: string): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(address, () => {
      server.unref();
      resolve(() => new Promise((done) => server.close(() => done())));
    });
  });
}

function somebodyAnswers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function isInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
