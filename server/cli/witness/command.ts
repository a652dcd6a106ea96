import { lockFolder } from '#server/platform/storage/folder-lock.ts';
import { isoTime, type Millis } from '#shared/kernel/clock.ts';
import type { Random } from '#shared/kernel/random.ts';
import { formatVkey, noteKey, signatureTypes } from '#shared/record/keys.ts';

import type { Terminal } from '../terminal.ts';
import { exitCodes, type WitnessExit } from './exit-codes.ts';
import { FolderProblem, makeFolder, openFolder, type WitnessFolder } from './folder.ts';
import { hubClient } from './hub-client.ts';
import { type Look, look, type Watch } from './look.ts';
import type { Machine } from './machine.ts';
import { keepExports } from './mirror/keep-exports.ts';
import { mirrorRun } from './mirror/run.ts';
import { type Request, readRequest, USAGE } from './options.ts';
import { alarmWords, exitOf, sentenceOf } from './words.ts';

export type WitnessDeps = Machine & { readonly random: Random; readonly terminal: Terminal };

/** `muster witness …`: makes the key of a desk's witness, watches and cosigns, keeps a mirror. [RC-61] to [RC-64] */
export async function witnessCommand(args: readonly string[], deps: WitnessDeps): Promise<WitnessExit> {
  const { terminal } = deps;
  const request = readRequest(args, deps.env);
  if (typeof request === 'string') {
    terminal.complain(`${request}\n\n${USAGE}`);
    return exitCodes.wrongCall;
  }
  try {
    switch (request.does) {
      case 'new':
        return makeNew(request, deps);
      case 'keep':
        return await keepExports(request, openFolder(request.dir, deps.random), terminal);
      case 'mirror':
        return await mirrorRun(request, openFolder(request.dir, deps.random), deps);
      case 'run':
        return await run(request, deps);
    }
  } catch (error) {
    if (!(error instanceof FolderProblem)) throw error;
    terminal.complain(error.message);
    return error.lost ? exitCodes.stateLost : exitCodes.wrongCall;
  }
}

function makeNew({ dir, operation, name }: Request & { does: 'new' }, deps: WitnessDeps): WitnessExit {
  const { signer } = makeFolder(dir, { operation, name }, deps.random);
  const { print } = deps.terminal;
  print(
    `A key for ${name} is in ${dir}. It never leaves this folder; do not copy it or put back a backup of it.`,
  );
  print(
    'Register it for your desk in the room (Witnesses, Register), then run this witness with the credential',
  );
  print('you are given there. Read this key to your colleagues over another channel:');
  print(formatVkey(noteKey(signer, signatureTypes.cosigner)));
  return exitCodes.ended;
}

async function run(request: Request & { does: 'run' }, deps: WitnessDeps): Promise<WitnessExit> {
  const folder = openFolder(request.dir, deps.random);
  const unlock = await lockFolder(request.dir).catch(() => null);
  if (unlock === null) throw new FolderProblem(`${request.dir} is in use by another witness.`);
  try {
    return await watchOn(request, folder, deps);
  } finally {
    await unlock();
  }
}

async function watchOn(
  request: Request & { does: 'run' },
  folder: WitnessFolder,
  deps: WitnessDeps,
): Promise<WitnessExit> {
  const { terminal } = deps;
  const stopped = folder.evidence();
  if (stopped !== null) {
    for (const line of alarmWords(stopped, `${request.dir}/evidence.json`)) terminal.complain(line);
    terminal.complain('This witness stopped then and cosigns nothing more.');
    return exitOf(stopped.state);
  }
  const { operation, pin } = folder.read();
  if (pin !== null && request.logKey !== null && pin.vkey !== request.logKey.vkey) {
    throw new FolderProblem(`The key given with --log-key is not the one this witness pinned: ${pin.vkey}`);
  }
  const { hub, credential, logKey } = request;
  const watches = (['operation', 'hub'] as const).map((record): Watch => {
    const client = hubClient(deps, { hub, operation, credential, record });
    const given = record === 'operation' ? logKey : null;
    return { record, folder, hub: client, now: deps.now, logKey: given, last: null };
  });
  const from = pin === null ? 'Nothing is known of the record yet.' : `Seen so far: ${pin.size} entries.`;
  terminal.print(
    `${isoTime(deps.now())}  ${folder.signer.name} watches ${operation} and the hub at ${hub.host}. ${from}`,
  );
  return lookOn(watches, request, deps);
}

/** Says what is the same once in this time. */
const QUIET: Millis = 600_000;

/** The operation's record first, then the hub's, round after round; whatever stops one stops the witness. [RC-82] */
async function lookOn(
  watches: readonly Watch[],
  { every, once }: { every: Millis; once: boolean },
  deps: WitnessDeps,
): Promise<WitnessExit> {
  const speak = speaker(deps);
  for (;;) {
    let ended: WitnessExit = exitCodes.ended;
    for (const watch of watches) {
      const seen = await look(watch);
      if (seen.saw === 'contradiction') {
        for (const line of alarmWords(seen.evidence, seen.file)) deps.terminal.complain(line);
        return exitOf(seen.evidence.state);
      }
      speak(watch, seen);
      if (seen.saw === 'refused' && seen.code === 'witness.refused') return exitCodes.refused;
      if (ended === exitCodes.ended) ended = endOf(seen);
    }
    if (once) return ended;
    await deps.pause(every);
    if (deps.stopping()) return exitCodes.ended;
  }
}

function speaker({ terminal, now }: WitnessDeps): (watch: Watch, seen: Look) => void {
  const said = new Map<Watch, { readonly sentence: string; readonly at: Millis }>();
  return (watch, seen) => {
    const sentence = watch.record === 'hub' ? `The hub’s record: ${sentenceOf(seen)}` : sentenceOf(seen);
    const [before, at] = [said.get(watch), now()];
    if (sentence === before?.sentence && at - before.at < QUIET) return;
    said.set(watch, { sentence, at });
    const speak = isGood(seen) ? terminal.print : terminal.complain;
    speak(`${isoTime(at)}  ${sentence}`);
  };
}

function isGood({ saw }: Look): boolean {
  return saw === 'cosigned' || saw === 'same' || saw === 'nothing-signed';
}

function endOf(seen: Look): WitnessExit {
  switch (seen.saw) {
    case 'unverified':
      return exitCodes.unverified;
    case 'no-hub':
    case 'refused':
    case 'not-taken':
      return exitCodes.unreachable;
    default:
      return exitCodes.ended;
  }
}
