/** How the witness ends, so that whatever watches over it can tell. docs/guides/run-a-witness.md lists them. [RC-62] */
export const exitCodes = {
  /** Asked to stop, or one look with --once that went well. */
  ended: 0,
  /** Not started: a wrong call, or a folder that cannot be used. */
  wrongCall: 2,
  /** The key is there and what it has seen is not: retire the key. */
  stateLost: 3,
  /** The hub does not take the credential: the key was retired, or the desk is no longer a member. */
  refused: 4,
  /** With --once: the hub could not be reached or did not answer as a hub does. */
  unreachable: 5,
  /** With --once: what the hub shows is not signed by the record's key. */
  unverified: 6,
  forked: 10,
  rolledBack: 11,
  keyChanged: 12,
} as const;
export type WitnessExit = (typeof exitCodes)[keyof typeof exitCodes];
