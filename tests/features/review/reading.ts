import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { readRoomAt, readSteps } from '#shared/contracts/review-replay.ts';
import type { readTimeline, searchRecord } from '#shared/contracts/review-timeline.ts';
import type { Operation } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';

type Given = Record<string, string | number>;

/** Timeline, search and replay, as one officer reads them in one operation. */
export function readingBy(officer: TestOfficer, { id }: Pick<Operation, 'id'>) {
  const at = `/operations/${id}`;
  const get = <T>(path: string, given: Given = {}) => {
    const query = Object.entries(given).map(([name, value]) => [name, String(value)]);
    return officer.must<T>('GET', `${at}${path}?${new URLSearchParams(query)}`);
  };
  return {
    open: async (what: string, purpose = 'Debrief') =>
      (await officer.must<{ reading: number }>('POST', `${at}/review`, { what, purpose })).reading,
    timeline: (given: Given = {}) => get<ReplyOf<typeof readTimeline>>('/timeline', given),
    search: (text: string, given: Given = {}) =>
      officer.must<ReplyOf<typeof searchRecord>>('POST', `${at}/search`, { text, ...given }),
    found: (reading: number, given: Given) => get<ReplyOf<typeof searchRecord>>(`/search/${reading}`, given),
    state: (given: Given) => get<ReplyOf<typeof readRoomAt>>('/replay/state', given),
    steps: (given: Given) => get<ReplyOf<typeof readSteps>>('/replay/steps', given),
    get,
  };
}

/** What a search finds, as places, oldest first. */
export async function placesFound(
  officer: TestOfficer,
  operation: Operation,
  text: string,
  given: Given = {},
) {
  const { rows } = await readingBy(officer, operation).search(text, given);
  return rows.map(({ entry }) => entry.seq).sort((a, b) => a - b);
}
