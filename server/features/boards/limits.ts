/** What one socket, one board and one node may take. Bytes unless said. docs/protocol/boards.md gives the reasons. */
export const boardEngineLimits = {
  /** Largest WebSocket frame; `ws` closes with 1009 beyond it. */
  frame: 1024 * 1024,
  /** Parts of a frame that arrive one by one, and frames that make one message: each is held as a piece of its own. */
  chunks: 4096,
  fragments: 1024,
  /** Largest single change. The answer to the hub's first question (offline work) may fill a frame. */
  update: 256 * 1024,
  structs: 50_000,
  /** Client ids under which one message may bring something new. */
  newClients: 16,
  /** Greatest clock of a client id, and longest run of deleted content. */
  clock: 2 ** 31,
  deletedRun: 2 ** 24,
  /** Levels of nested types and values. */
  depth: 32,
  presenceState: 4096,
  /** States in one message; a stock client repeats all that it hears. */
  presenceStates: 4096,
  /** Changes a second, and their bytes; a burst may be `burst` times that. Beyond, the socket waits. */
  updatesPerSecond: 50,
  bytesPerSecond: 512 * 1024,
  burst: 4,
  /** The same for messages of any kind, pings too, and for questions what is missing: each is answered with a board. */
  messagesPerSecond: 400,
  messageBytesPerSecond: 4 * 1024 * 1024,
  asksPerSecond: 2,
  /** Messages of one socket waiting to be committed before it is read no further. */
  waiting: 256,
  /** One transaction takes no more than this. */
  batchMessages: 512,
  batchBytes: 2 * 1024 * 1024,
  /** Statements that one node has under way at a time. */
  statements: 4,
  socketsPerOfficer: 64,
  /** Unsent bytes above which a reader gets no more updates, and below which it is brought up to date. */
  staleAbove: 1024 * 1024,
  freshBelow: 256 * 1024,
  deadAbove: 8 * 1024 * 1024,
  /** Larger answers to "what am I missing" are made once for all who ask from the same point, and kept for a while. */
  largeAnswer: 64 * 1024,
  /** Bytes of answers written before others get their turn; kept prepared; updates kept behind a prepared answer. */
  answerBytes: 2 * 1024 * 1024,
  preparedBytes: 8 * 1024 * 1024,
  preparedTail: 256 * 1024,
  /** Boards, and bytes of record they are made of, that this node keeps open when nobody is at them. */
  boards: 1_000,
  boardBytes: 64 * 1024 * 1024,
  /** A cached state after so many entries or bytes; this many are kept. */
  checkpointRows: 500,
  checkpointBytes: 1024 * 1024,
  checkpointsKept: 3,
  /** A commit up to this size goes to the other nodes with its bytes; they read a larger one from the record. */
  carriedByBus: 32 * 1024,
  /** States of presence in one message between nodes, which may be 64 KiB. */
  presenceOnBus: 24 * 1024,
  /** Commits of other nodes that wait for an earlier one, before the record is read. */
  newsHeld: 64,
} as const;

/** Milliseconds. */
export const boardEngineTimes = {
  tick: 250,
  presence: 50,
  /** How long a node's word about its sockets holds, and how often it is given. */
  presenceLease: 10_000,
  presenceRenewal: 3_000,
  /** Stock clients hang up after 30 s without a message. */
  keepalive: 10_000,
  /** A line from which nothing came for so long is asked for a sign of life, and dropped without one. */
  quiet: 15_000,
  dead: 30_000,
  /** For a client that was sent away to hang up itself. */
  closing: 5_000,
  headCheck: 2_000,
  /** How long an earlier commit of another node is waited for before the record is read. */
  newsPatience: 20,
  /** Answers are given for this long before others get their turn. */
  answerSlice: 10,
  preparedFor: 10_000,
  /** A document is read in for this long before others get their turn. */
  readSlice: 8,
  checkpointSpacing: 5_000,
  checkpointDeadline: 60_000,
  checkpointThreadIdle: 30_000,
  idleGrace: 30_000,
  staleFor: 30_000,
  /** How long a statement is waited for before those gathered behind it go in another. */
  statementPatience: 250,
  /** Between tries to find out whether a commit stands. */
  doubt: 500,
} as const;

/** Tries of one batch before its sockets are sent away. */
export const commitTries = 6;
