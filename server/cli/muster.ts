import { systemRandom } from '#server/app/system.ts';

import { standardTerminal } from './terminal.ts';
import { verifyAny } from './verify-any.ts';
import { witnessCommand } from './witness/command.ts';
import { machine } from './witness/machine.ts';

const USAGE = `Usage: muster witness …   watch and cosign the record of an operation
       muster verify …    check an exported record without any network`;

const [command, ...args] = process.argv.slice(2);
process.exitCode = await run();

async function run(): Promise<number> {
  switch (command) {
    case 'witness':
      return witnessCommand(args, { ...machine(), random: systemRandom, terminal: standardTerminal });
    case 'verify':
      return verifyAny(args, standardTerminal);
    default:
      standardTerminal.complain(USAGE);
      return 2;
  }
}
