import { openBusGround } from './bus-troubles.ts';
import { type Chance, pause } from './support/chance.ts';
import type { HubProcess } from './support/hub-process.ts';
import type { Surroundings, Trouble } from './trouble-rounds.ts';

const HOUR = 3_600_000;

/** Two hubs whose clocks are set wrong while people work: by an hour, either way, alone or apart. */
export async function openClockGround(
  folder: string,
  chance: Chance,
): Promise<Surroundings & { readonly troubles: readonly Trouble[] }> {
  const ground = await openBusGround(folder, chance);
  const [first, second] = ground.hubs;
  if (first === undefined || second === undefined) throw new Error('two hubs are needed');
  return {
    ...ground,
    troubles: [
      ...ground.hubs.flatMap((hub, at) => [
        jump(hub, `hub ${at} an hour ahead, and back`, [HOUR, 0]),
        jump(hub, `hub ${at} an hour behind, and back`, [-HOUR, 0]),
        jump(hub, `hub ${at} from an hour ahead to an hour behind, and back`, [HOUR, -HOUR, 0]),
      ]),
      {
        name: 'the hubs two hours apart, and back',
        async happen(chance) {
          first.setClock(HOUR);
          second.setClock(-HOUR);
          await pause(chance.int(500, 3000));
          first.setClock(0);
          second.setClock(0);
        },
      },
      {
        name: 'a hub killed, started a quarter of an hour ahead, and set right',
        async happen(chance) {
          await second.kill();
          second.setClock(HOUR / 4);
          second.spawn();
          await second.ready();
          await pause(chance.int(300, 1500));
          second.setClock(0);
        },
      },
    ],
  };
}

function jump(hub: HubProcess, name: string, settings: readonly number[]): Trouble {
  return {
    name,
    async happen(chance) {
      for (const wrong of settings) {
        hub.setClock(wrong);
        // Long enough for a lease, the sweep of sessions and a round of signing.
        await pause(chance.int(300, 4000));
      }
    },
  };
}
