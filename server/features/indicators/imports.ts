import { createHash } from 'node:crypto';
import type { RoomPass } from '#server/platform/access.ts';
import { type Handler, query, work } from '#server/platform/http/commands.ts';
import type { CommitDeps } from '#server/platform/http/commit.ts';
import type { Store, Tx } from '#server/platform/storage/store.ts';
import { commitImport, importVerdicts, previewImport } from '#shared/contracts/indicators.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { fromBase64 } from '#shared/kernel/encoding.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { ImportId } from '#shared/kernel/ids.ts';
import { newId, type Random } from '#shared/kernel/random.ts';
import { strictest, strictestPap } from '#shared/policy/markings.ts';

import { type Candidate, presentVerdict } from './candidates.ts';
import { writeImport } from './import-write.ts';
import { keepPreview, LIFETIME, PART, partOf, previewOf } from './previews.ts';
import type { ReadFile } from './reader.ts';
import { knownKeys } from './store.ts';

export type ImportDeps = {
  readonly store: Store;
  readonly commit: CommitDeps;
  readonly random: Random;
  readonly readFile: ReadFile;
};

const FIRST_PAGE = 200;
const MOST = 100_000;

/** Receive, read, preview; then commit in parts. Nothing is written before an officer has seen what it is. [IN-53] */
export function importHandlers(deps: ImportDeps): Handler[] {
  return [
    work({
      call: previewImport,
      async work({ pass, now }, input) {
        if (!pass.compartments.has(input.compartment)) throw refuse('not.found', { where: 'compartment' });
        const bytes = fromBase64(input.content);
        if (bytes === null) throw refuse('bad.request', { where: 'content', what: 'not base64' });
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        const { format, handling, defaultCountry, compartment, fileName } = input;
        const read = await deps.readFile({
          format,
          bytes,
          handling,
          defaultCountry: defaultCountry ?? pass.session.country,
        });
        const candidates = oncePerKey(read.candidates);
        if (candidates.length > MOST)
          throw refuse('too.large', { where: 'content', what: `more than ${MOST} rows` });
        const id = newId<ImportId>(deps.random);
        const about = { format, fileName, sha256, compartment, handling, rows: candidates.length };
        const known = await deps.store.write(async (tx) => {
          await keepPreview(tx, pass, { id, about, candidates, expires: now + LIFETIME, now });
          return knownKeys(tx, pass, keysOf(candidates));
        });
        const verdicts = candidates.map((one) =>
          presentVerdict(one, one.selector !== null && known.has(one.selector.key)),
        );
        return {
          importId: id,
          format,
          encoding: read.encoding,
          sha256,
          counts: countVerdicts(verdicts),
          verdicts: verdicts.slice(0, FIRST_PAGE),
          more: verdicts.length > FIRST_PAGE,
          expiresAt: isoTime(now + LIFETIME),
        };
      },
    }),
    query({
      call: importVerdicts,
      async read(tx, { pass, now }, { importId, from, limit }) {
        const preview = await previewOf(tx, pass, importId, now);
        if (preview === null) throw refuse('import.gone');
        const page = await candidatesFrom(tx, importId, from, limit);
        const known = await knownKeys(tx, pass, keysOf(page));
        return {
          verdicts: page.map((one) =>
            presentVerdict(one, one.selector !== null && known.has(one.selector.key)),
          ),
          more: from + page.length < preview.about.rows,
        };
      },
    }),
    work({
      call: commitImport,
      work: ({ pass, now, commandId }, input) =>
        writeImport(deps, { pass: pass satisfies RoomPass, now, commandId }, input),
    }),
  ];
}

export function countVerdicts(verdicts: readonly { verdict: 'new' | 'known' | 'refused' | 'offered' }[]) {
  const counts = { read: verdicts.length, new: 0, known: 0, offered: 0, refused: 0 };
  for (const { verdict } of verdicts) counts[verdict] += 1;
  return counts;
}

function keysOf(candidates: readonly Candidate[]): string[] {
  return candidates.flatMap(({ selector }) => (selector === null ? [] : [selector.key]));
}

/** A value named twice in one file is one indicator: at its first place, under the strictest marking any place gives it. */
function oncePerKey(candidates: readonly Candidate[]): Candidate[] {
  const once = new Map<string, Candidate>();
  candidates.forEach((one, index) => {
    const key = one.selector?.key ?? `refused ${index}`;
    const first = once.get(key);
    once.set(
      key,
      first === undefined
        ? one
        : {
            ...first,
            ticked: first.ticked || one.ticked,
            tlp: strictest([first.tlp, one.tlp]),
            pap: strictestPap(first.pap, one.pap),
          },
    );
  });
  return [...once.values()];
}

async function candidatesFrom(tx: Tx, id: ImportId, from: number, limit: number): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (let part = Math.floor(from / PART); found.length < limit + (from % PART); part++) {
    const page = await partOf(tx, id, part);
    found.push(...page);
    if (page.length < PART) break;
  }
  return found.slice(from % PART, (from % PART) + limit);
}
