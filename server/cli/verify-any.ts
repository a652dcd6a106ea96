import { certificateCommand } from './certificate-command.ts';
import type { Terminal } from './terminal.ts';
import { type ExitCode, verifyCommand } from './verify-command.ts';

/** An export, or with `certificate` first the certificate of a purge. */
export function verifyAny(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [first, ...rest] = args;
  return first === 'certificate' ? certificateCommand(rest, terminal) : verifyCommand(args, terminal);
}
