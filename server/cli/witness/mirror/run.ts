import { lockFolder } from '#server/platform/storage/folder-lock.ts';
import { isoTime, type Millis } from '#shared/kernel/clock.ts';
import { unreachable } from '#shared/kernel/failures.ts';

import type { WitnessDeps } from '../command.ts';
import { exitCodes, type WitnessExit } from '../exit-codes.ts';
import { FolderProblem, type WitnessFolder } from '../folder.ts';
import { mirrorClient } from '../hub-client.ts';
import type { Request } from '../options.ts';
import { alarmWords, exitOf } from '../words.ts';
import { type MirrorFolder, openMirrorFolder } from './folder.ts';
import { type Opening, type Pulled, pull } from './pull.ts';

type Asked = Request & { does: 'mirror' };

/** Keeps what the desk may see, beside `run` or without it, until it is asked to stop or no longer may. [RC-84] */
export async function mirrorRun(
  request: Asked,
  witness: WitnessFolder,
  deps: WitnessDeps,
): Promise<WitnessExit> {
  const mirror = openMirrorFolder(request.dir, deps.random);
  const unlock = await lockFolder(mirror.path).catch(() => null);
  if (unlock === null) throw new FolderProblem(`${mirror.path} is in use by another mirror.`);
  try {
    return await mirrorOn(request, { witness, mirror }, deps);
  } finally {
    await unlock();
  }
}

/** Says what is the same once in this time. */
const QUIET: Millis = 600_000;

async function mirrorOn(
  request: Asked,
  { witness, mirror }: { readonly witness: WitnessFolder; readonly mirror: MirrorFolder },
  deps: WitnessDeps,
): Promise<WitnessExit> {
  const { operation } = witness.read();
  const hub = mirrorClient(deps, { ...request, operation });
  const speak = speaker(deps);
  for (let opening: Opening = null; ; ) {
    const stopped = witness.evidence();
    if (stopped !== null) return alarm(deps, stopped, `${request.dir}/evidence.json`);
    const { pin } = witness.read();
    if (pin === null)
      throw new FolderProblem('This witness has seen nothing yet: run it before it keeps a mirror.');
    const round = await pull({ witness, pin, mirror, hub, now: deps.now, random: deps.random }, opening);
    const { pulled } = round;
    opening = round.opening;
    if (pulled.did === 'contradiction') return alarm(deps, pulled.evidence, pulled.file);
    speak(pulled);
    if (pulled.did === 'refused' && pulled.code === 'witness.refused') return exitCodes.refused;
    if (request.once) return endOf(pulled);
    await deps.pause(request.every);
    if (deps.stopping()) return exitCodes.ended;
  }
}

function alarm(
  { terminal }: WitnessDeps,
  evidence: Parameters<typeof alarmWords>[0],
  file: string,
): WitnessExit {
  for (const line of alarmWords(evidence, file)) terminal.complain(line);
  return exitOf(evidence.state);
}

function speaker({ terminal, now }: WitnessDeps): (pulled: Pulled) => void {
  let said: { readonly sentence: string; readonly at: Millis } | null = null;
  return (pulled) => {
    const [sentence, at] = [sentenceOf(pulled), now()];
    if (sentence === said?.sentence && at - said.at < QUIET) return;
    said = { sentence, at };
    const speak = pulled.did === 'kept' || pulled.did === 'same' ? terminal.print : terminal.complain;
    speak(`${isoTime(at)}  ${sentence}`);
    if (pulled.did === 'kept' && pulled.purged) terminal.complain(PURGED);
  };
}

const PURGED =
  'This operation was purged at the hub. The parts kept before still hold its contents: they are your desk’s to destroy.';

function sentenceOf(pulled: Pulled): string {
  switch (pulled.did) {
    case 'same':
      return `Still ${pulled.size} entries, all of them here.`;
    case 'kept': {
      const { from, end, withheld } = pulled;
      const count = end.size - from;
      return `Kept entries ${from} to ${end.size - 1}: ${count - withheld} as your desk may see them, ${withheld} as hashes; root ${end.root}.`;
    }
    case 'unverified':
      return `NOT KEPT: what the hub sent does not verify (${pulled.reason}).`;
    case 'refused':
      return `The hub refused: ${pulled.says}`;
    case 'no-hub':
      return `The hub could not be asked: ${pulled.says}`;
    case 'contradiction':
      return `ALARM: ${pulled.evidence.state}`;
    default:
      return unreachable(pulled);
  }
}

function endOf({ did }: Pulled): WitnessExit {
  if (did === 'unverified') return exitCodes.unverified;
  return did === 'kept' || did === 'same' ? exitCodes.ended : exitCodes.unreachable;
}
