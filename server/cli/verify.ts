import { standardTerminal } from './terminal.ts';
import { verifyAny } from './verify-any.ts';

process.exitCode = await verifyAny(process.argv.slice(2), standardTerminal);
