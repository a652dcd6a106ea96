import type { OfficerId } from '#shared/kernel/ids.ts';
import type { Tlp } from '#shared/policy/markings.ts';
import { writeBoard } from './board-writer.ts';
import { type Bound, drawMainBoard, drawMoneyBoard } from './boards.ts';
import { handlingOf, importFile, sources } from './imports.ts';
import { Member } from './member.ts';
import { exercisePeople } from './people.ts';

type Place = {
  readonly operation: string;
  readonly main: string;
  readonly partners: string;
  readonly folder: string;
};

/**
 * Plays the first days of Operation GLACIER through the hub's own API and sockets, so that its record is as real as
 * any. May be cut off and started again.
 */
export async function seedExercise(
  url: string,
  given: { people: ReadonlyMap<string, OfficerId>; folder: string; say: (line: string) => void },
): Promise<void> {
  const { people, folder, say } = given;
  const lead = await Member.signIn(url, 'tan.wei');
  const found = (await operationsOf(lead)).find(({ name }) => name === 'GLACIER');
  if (found !== undefined && (await isPlayed(lead, found))) return;
  const glacier = found ?? (await create(lead));
  const place = await placeOf(lead, glacier.id, folder);
  const cast = await admit(lead, place.operation, people);
  const member = (handle: string): Member => {
    const found = cast.get(handle);
    if (found === undefined) throw new Error(`${handle} is not in the exercise`);
    return found;
  };
  say('  people admitted');
  let indicators = 0;
  indicators += await importFile(member('bruno'), { ...place, compartment: place.main }, sources.pegasus);
  indicators += await importFile(
    member('chanida'),
    { ...place, compartment: place.main },
    sources.stalkerware,
  );
  indicators += await importFile(
    member('jonas'),
    { ...place, compartment: place.partners },
    sources.telekopye,
  );
  indicators += await importFile(member('sari'), { ...place, compartment: place.main }, sources.spyloan);
  indicators += await importFile(member('nguyen'), { ...place, compartment: place.main }, sources.wallets);
  say(`  ${indicators} indicators imported`);
  const cards = await fillBoards(member, place, people);
  say('  boards drawn');
  await talk(member, place, cards);
}

/** Those of every day, and those of the archive. */
async function operationsOf(lead: Member): Promise<{ id: string; name: string; state: string }[]> {
  type Shelf = { operations: { id: string; name: string; state: string }[] };
  const daily = await lead.get<Shelf>('/operations');
  const archive = await lead.get<Shelf>('/operations?shelf=archive');
  return [...daily.operations, ...archive.operations];
}

/** The last act of the seeding, or somebody's closing of the operation, says that it has been played. */
async function isPlayed(lead: Member, operation: { id: string; state: string }): Promise<boolean> {
  if (operation.state !== 'live') return true;
  const { messages } = await lead.get<{ messages: { author: { handle: string } }[] }>(
    `/operations/${operation.id}/messages`,
  );
  return messages.some(({ author }) => author.handle === 'jonas');
}

function create(lead: Member): Promise<{ id: string }> {
  return lead.act('create', '/operations', {
    name: 'GLACIER',
    purpose:
      'Loan-fraud applications and the money mules behind them: takedown and arrests on one action day.',
  });
}

async function placeOf(lead: Member, operation: string, folder: string): Promise<Place> {
  const { compartments } = await lead.get<{ compartments: { id: string; name: string }[] }>(
    `/operations/${operation}`,
  );
  const named = (wanted: string) => compartments.find(({ name }) => name === wanted)?.id ?? '';
  return { operation, main: named('main'), partners: named('partners'), folder };
}

async function admit(
  lead: Member,
  operation: string,
  people: ReadonlyMap<string, OfficerId>,
): Promise<ReadonlyMap<string, Member>> {
  const cast = new Map([['tan.wei', lead]]);
  for (const { handle, role } of exercisePeople) {
    if (handle === 'tan.wei') continue;
    await lead.act(`admit ${handle}`, `/operations/${operation}/members`, {
      officerId: people.get(handle),
      role,
    });
    cast.set(handle, await Member.signIn(lead.url, handle));
  }
  return cast;
}

async function find(member: Member, operation: string, filter: string): Promise<Bound[]> {
  const { indicators } = await member.get<{
    indicators: { id: string; display: string; handling: { tlp: Tlp } }[];
  }>(`/operations/${operation}/indicators?${filter}&limit=20`);
  return indicators.map(({ id, display, handling }) => ({ id, display, tlp: handling.tlp }));
}

type Cards = {
  readonly main: string;
  readonly domain: Bound | undefined;
  readonly wallet: Bound | undefined;
};

async function fillBoards(
  member: (handle: string) => Member,
  place: Place,
  people: ReadonlyMap<string, OfficerId>,
): Promise<Cards> {
  const { operation } = place;
  const lead = member('tan.wei');
  const main = await lead.act<{ id: string }>('main board', `/operations/${operation}/boards`, {
    title: 'Main board',
    compartment: place.main,
  });
  const money = await lead.act<{ id: string }>('money board', `/operations/${operation}/boards`, {
    title: 'Money flow',
    compartment: place.main,
  });
  await lead.act('partner board', `/operations/${operation}/boards`, {
    title: 'With partners',
    compartment: place.partners,
  });
  const domains = await find(lead, operation, 'text=telekopye&type=domain');
  const others = await find(lead, operation, 'type=domain');
  const hashes = await find(lead, operation, 'type=sha1');
  const wallets = await find(lead, operation, 'type=crypto');
  const author = (handle: string) => ({ officer: people.get(handle) as OfficerId });
  const shown = [...domains, ...others];
  await writeBoard(member('chanida'), `${operation}/${main.id}`, (doc) =>
    drawMainBoard(doc, author('chanida'), { domains: shown, hashes }),
  );
  await writeBoard(member('nguyen'), `${operation}/${money.id}`, (doc) =>
    drawMoneyBoard(doc, author('nguyen'), { wallets }),
  );
  return { main: main.id, domain: shown[0], wallet: wallets[0] };
}

async function talk(member: (handle: string) => Member, place: Place, cards: Cards): Promise<void> {
  const say = (handle: string, step: string, text: string, more: object = {}) =>
    member(handle).act<{ id: string }>(step, `/operations/${place.operation}/messages`, {
      text,
      compartment: place.main,
      handling: handlingOf('AMBER'),
      ...more,
    });
  const about = (bound: Bound | undefined) =>
    bound === undefined ? {} : { references: [{ kind: 'indicator', id: bound.id, board: null }] };
  await say(
    'tan.wei',
    'said 1',
    'Good morning. Two boards are open: the main one and the money flow. Mark what you add, please.',
  );
  await say('sari', 'said 2', 'Two more accounts from the same advert. They are on the money board.');
  const wallet = await say(
    'nguyen',
    'said 3',
    'This wallet moved ten minutes ago. The exchange desk answers until 23:00 UTC.',
    about(cards.wallet),
  );
  await say('bruno', 'said 4', 'Seen. The provider preserves its logs from now on.', { replyTo: wallet.id });
  await say('tan.wei', 'said 5', 'Hold all visible action on this domain until H.', about(cards.domain));
  await say('chanida', 'said 6', 'รับทราบ หมายศาลพร้อมแล้ว');
  await say('jonas', 'said 7', 'Our report on the toolkit is in the register, with samples.', {
    compartment: place.partners,
    handling: handlingOf('GREEN'),
  });
}
