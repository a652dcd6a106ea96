import { receiptsCommand } from './receipts-command.ts';

process.exitCode = await receiptsCommand(process.argv.slice(2), {
  print: (line) => console.log(line),
  complain: (line) => console.error(line),
});
