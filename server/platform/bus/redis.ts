import { createClient } from 'redis';

import type { Bus } from './bus.ts';

export type RedisBusOptions = {
  readonly url: string;
  /** Keeps hubs that share a Redis apart. */
  readonly prefix: string;
  readonly onError: (error: Error) => void;
};

/** Redis pub/sub. Losing Redis means lag, never loss: nothing acknowledged rests on it. */
export async function redisBus({ url, prefix, onError }: RedisBusOptions): Promise<Bus> {
  const publisher = createClient({ url, disableOfflineQueue: true });
  const subscriber = publisher.duplicate();
  for (const client of [publisher, subscriber]) client.on('error', onError);
  await Promise.all([publisher.connect(), subscriber.connect()]);
  return {
    publish(channel, message) {
      publisher.publish(prefix + channel, JSON.stringify(message)).catch(onError);
    },
    async subscribe(channel, listener) {
      const hear = (text: string) => {
        const message = parse(text);
        if (message !== undefined) listener(message);
      };
      await subscriber.subscribe(prefix + channel, hear);
      return () => {
        subscriber.unsubscribe(prefix + channel, hear).catch(onError);
      };
    },
    healthy: () => publisher.isReady && subscriber.isReady,
    async close() {
      await Promise.allSettled([publisher.close(), subscriber.close()]);
    },
  };

  function parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      onError(new Error('a bus message that is not JSON', { cause: error }));
      return undefined;
    }
  }
}
