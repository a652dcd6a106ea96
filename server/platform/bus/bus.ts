/**
 * Between nodes. A hint, never the truth: a message may be lost, repeated or reordered, and may arrive at its own
 * sender; everything that matters is read from the store. Guarantees: `publish` never throws and never blocks;
 * listeners of one channel are called in turn; a message is JSON of at most 64 KiB.
 */
export interface Bus {
  publish(channel: string, message: unknown): void;
  /** The returned function ends the subscription. */
  subscribe(channel: string, listener: (message: unknown) => void): Promise<() => void>;
  /** False while messages are known not to reach other nodes. */
  healthy(): boolean;
  close(): Promise<void>;
}
