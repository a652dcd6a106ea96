import path from 'node:path';
import { z } from 'zod';

const bool = z.enum(['true', 'false']).transform((text) => text === 'true');
const port = z.coerce.number().int().min(0).max(65_535);

/**
 * Every setting of the hub, once, with its prose. Read from the environment; all problems are reported together.
 * docs/guides/run-a-hub.md is made of these words.
 */
export const settings = {
  PORT: { about: 'TCP port to listen on.', shape: port.default(8080) },
  HOST: {
    about: 'Address to listen on. Exercise mode always uses loopback.',
    shape: z.string().min(1).default('localhost'),
  },
  PUBLIC_URL: {
    about:
      'The URL at which browsers reach the hub, without a path. Its origin is the only one accepted, besides localhost when unset.',
    shape: z.url({ protocol: /^https?$/ }).optional(),
  },
  DATA_DIR: {
    about:
      'Folder of the embedded database and the key file; unset: data, or .exercise/data in exercise mode. Back it up together with SIGNER_DIR.',
    shape: z.string().min(1).optional(),
  },
  DATABASE_URL: {
    about: 'External PostgreSQL 15 or later. Unset: the embedded database in DATA_DIR.',
    shape: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  },
  DATABASE_POOL: {
    about: 'Connections to the external PostgreSQL.',
    shape: z.coerce.number().int().min(2).max(100).default(10),
  },
  REDIS_URL: {
    about: 'Redis as bus between several hubs. Unset: one process. Needs DATABASE_URL.',
    shape: z.url({ protocol: /^rediss?$/ }).optional(),
  },
  SIGNER: {
    about: 'Whether this process signs checkpoints. With several hubs, at least one.',
    shape: bool.default(true),
  },
  SIGNER_DIR: {
    about:
      'Folder of the signing key and the last signed checkpoints; unset: signer, or .exercise/signer. Outside DATA_DIR, and never rolled back with it.',
    shape: z.string().min(1).optional(),
  },
  LOG_ORIGIN: {
    about:
      'Name of this hub in every record: ASCII without spaces. Fixed at the first start; made up then when unset.',
    shape: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{2,80}$/, 'lower-case letters, digits, dots and hyphens')
      .optional(),
  },
  RESTORED: {
    about:
      'Set after the database was put back from a backup, to a word not used before, such as the date: every record begins a new epoch, once.',
    shape: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9:._-]{0,60}$/, 'letters, digits, colons, dots, hyphens and underscores')
      .optional(),
  },
  SECRET_FILE: {
    about: 'File of the hub’s secret key, mode 0600. Unset: DATA_DIR/secret.key. All hubs share one.',
    shape: z.string().min(1).optional(),
  },
  HUB_NAME: {
    about: 'What people read as the name of this hub.',
    shape: z.string().min(1).max(60).default('Muster'),
  },
  TRUST_PROXY: {
    about: 'How many reverse proxies stand in front; their X-Forwarded-For is believed.',
    shape: z.coerce.number().int().min(0).max(5).default(0),
  },
  METRICS_TOKEN: {
    about: 'Bearer token for /metrics. Unset: /metrics answers loopback only.',
    shape: z.string().min(24).optional(),
  },
  LOG_LEVEL: {
    about: 'How much is logged.',
    shape: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  },
} as const;

type Shapes = { [Name in keyof typeof settings]: z.output<(typeof settings)[Name]['shape']> };

export type Config = Omit<Shapes, 'SECRET_FILE' | 'DATA_DIR' | 'SIGNER_DIR'> & {
  /** Beside SECRET_FILE. Made and used by a process that does not sign. */
  readonly RECEIPT_KEY_FILE: string;
  readonly mode: 'live' | 'exercise';
  readonly DATA_DIR: string;
  readonly SIGNER_DIR: string;
  readonly SECRET_FILE: string;
  readonly origins: readonly string[];
};

/** A wrong setting stops the start: `message` lists every problem with the setting's own words. */
export class ConfigProblem extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `Muster cannot start with these settings:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.name = 'ConfigProblem';
    this.problems = problems;
  }
}

export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  mode: Config['mode'],
): Config {
  const problems: string[] = [];
  const read: Record<string, unknown> = {};
  for (const [name, { about, shape }] of Object.entries(settings)) {
    const given = environment[name];
    const parsed = shape.safeParse(given === '' ? undefined : given);
    if (parsed.success) read[name] = parsed.data;
    else problems.push(`${name}: ${parsed.error.issues[0]?.message ?? 'wrong'}. ${about}`);
  }
  problems.push(
    ...contradictions(read, (name) => !problems.some((problem) => problem.startsWith(`${name}:`)), mode),
  );
  if (problems.length > 0) throw new ConfigProblem(problems);
  const shapes = read as Shapes;
  return complete(shapes, mode);
}

/** What does not go together, among the settings that could be read (`sound`). */
function contradictions(
  shapes: Partial<Shapes>,
  sound: (name: string) => boolean,
  mode: Config['mode'],
): string[] {
  const problems: string[] = [];
  if (shapes.REDIS_URL !== undefined && shapes.DATABASE_URL === undefined && sound('DATABASE_URL')) {
    problems.push('REDIS_URL: several hubs share one PostgreSQL; set DATABASE_URL as well.');
  }
  if (mode === 'exercise' && shapes.HOST !== undefined && !isLoopback(shapes.HOST)) {
    problems.push('HOST: exercise mode has one-click sign-in and binds to loopback only; leave HOST unset.');
  }
  const { data, signer } = foldersOf(shapes, mode);
  if (`${signer}${path.sep}`.startsWith(`${data}${path.sep}`)) {
    problems.push(
      'SIGNER_DIR: lies inside DATA_DIR, so that a restored backup would roll it back; set it elsewhere.',
    );
  }
  if (shapes.PUBLIC_URL !== undefined && !['', '/'].includes(new URL(shapes.PUBLIC_URL).pathname)) {
    problems.push('PUBLIC_URL: is the URL of the hub without a path.');
  }
  if (
    mode === 'live' &&
    shapes.PUBLIC_URL?.startsWith('http:') === true &&
    !isLoopback(new URL(shapes.PUBLIC_URL).hostname)
  ) {
    problems.push('PUBLIC_URL: browsers keep the session cookie only over https.');
  }
  return problems;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '::1' || host === '[::1]';
}

/** Each mode has folders of its own, so that trying the exercise touches nothing real. */
function foldersOf(shapes: Partial<Shapes>, mode: Config['mode']): { data: string; signer: string } {
  const base = mode === 'exercise' ? '.exercise' : '.';
  return {
    data: path.resolve(shapes.DATA_DIR ?? path.join(base, 'data')),
    signer: path.resolve(shapes.SIGNER_DIR ?? path.join(base, 'signer')),
  };
}

function complete(shapes: Shapes, mode: Config['mode']): Config {
  const { data, signer } = foldersOf(shapes, mode);
  const local = ['localhost', '127.0.0.1', '[::1]'].map((host) => `http://${host}:${shapes.PORT}`);
  const secretFile = path.resolve(shapes.SECRET_FILE ?? path.join(data, 'secret.key'));
  return {
    ...shapes,
    mode,
    DATA_DIR: data,
    SIGNER_DIR: signer,
    SECRET_FILE: secretFile,
    RECEIPT_KEY_FILE: path.join(path.dirname(secretFile), 'receipt.key'),
    origins: shapes.PUBLIC_URL === undefined ? local : [new URL(shapes.PUBLIC_URL).origin],
  };
}
