import pino from 'pino';

/** Structured, on standard output. Secrets are redacted by path, and bodies are never logged. */
export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

export function openLog(level: string): pino.Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        'password',
        'token',
        'code',
        'cookie',
        'secret',
        '*.password',
        '*.token',
        '*.cookie',
        '*.secret',
        'headers.cookie',
      ],
      censor: '[redacted]',
    },
  });
}
