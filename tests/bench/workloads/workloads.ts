import type { Shape } from '../load/crowd.ts';
import type { Job, Outcome } from '../load/job.ts';
import { control } from './control.ts';
import { editing } from './editing.ts';
import { idle } from './idle.ts';
import { importCards } from './import.ts';
import { joinStorm } from './join-storm.ts';
import { shiftChange } from './shift-change.ts';
import { slowReaders } from './slow-readers.ts';

export type Workload = {
  readonly name: string;
  /** Workloads of one group are chosen together: `--workloads W1`. */
  readonly group: string;
  readonly title: string;
  /** Systems that can do it; all unless said. */
  readonly only?: readonly string[];
  /** Measures for at least so long, where less would not show it. */
  readonly seconds?: number;
  /** Done once however many runs were asked for. */
  readonly once?: true;
  /** Its servers collect their garbage when told to. */
  readonly collects?: true;
  readonly run: (job: Job) => Promise<Outcome>;
};

const oneBoard = { boards: 1, boardsPerOperation: 1 };
const stateful = [
  'y-websocket',
  'hocuspocus',
  'hocuspocus-store',
  'muster-embedded',
  'muster-postgres',
  'muster-nodes',
];

function edit(shape: Omit<Shape, 'boards' | 'boardsPerOperation'>): Workload['run'] {
  return (job) => editing(job, { ...oneBoard, ...shape });
}

/** One hub accepts 50 changes a second from a connection, so a fast stream comes from several. */
export const workloads: readonly Workload[] = [
  {
    name: 'W1-20',
    group: 'W1',
    title: '200 changes/s from 5 officers, 20 readers',
    run: edit({ writers: 5, readers: 20, rate: 40 }),
  },
  {
    name: 'W1-100',
    group: 'W1',
    title: '200 changes/s from 5 officers, 100 readers',
    run: edit({ writers: 5, readers: 100, rate: 40 }),
  },
  {
    name: 'W1-500',
    group: 'W1',
    title: '100 changes/s from 5 officers, 500 readers',
    run: edit({ writers: 5, readers: 500, rate: 20 }),
  },
  {
    name: 'editors-20',
    group: 'editors',
    title: '20 editors × 20 changes/s on one board',
    run: edit({ writers: 20, readers: 0, rate: 20 }),
  },
  {
    name: 'editors-100',
    group: 'editors',
    title: '100 editors × 20 changes/s on one board',
    run: edit({ writers: 100, readers: 0, rate: 20 }),
  },
  {
    name: 'editors-200',
    group: 'editors',
    title: '200 editors × 20 changes/s on one board',
    run: edit({ writers: 200, readers: 0, rate: 20 }),
  },
  {
    name: 'ack-50',
    group: 'ack',
    title: '50 changes/s from 2 officers, 2 readers: acknowledgement',
    run: edit({ writers: 2, readers: 2, rate: 25 }),
  },
  {
    name: 'W2',
    group: 'W2',
    title: 'Shift change: 30 officers, 2 changes/s and 10 cursor moves/s each',
    run: (job) => shiftChange(job, { ...oneBoard, writers: 30, readers: 0, rate: 2 }),
  },
  {
    name: 'W3',
    group: 'W3',
    title: '40 operations × 5 boards × 4 officers, a change every 2 s each',
    once: true,
    run: (job) => editing(job, { boards: 200, boardsPerOperation: 5, writers: 4, readers: 0, rate: 0.5 }),
  },
  {
    name: 'W4',
    group: 'W4',
    title: 'Ten officers at 5 changes/s while one imports 10,000 cards',
    once: true,
    run: (job) => importCards(job, { ...oneBoard, writers: 10, readers: 10, rate: 5 }),
  },
  {
    name: 'W5',
    group: 'W5',
    title: '200 join a board of 5 MB at once while five officers make 10 changes/s each',
    only: stateful,
    once: true,
    run: (job) => joinStorm(job, { ...oneBoard, writers: 5, readers: 5, rate: 10 }),
  },
  {
    name: 'W8',
    group: 'W8',
    title: '200 changes/s of 10 KB, 25 readers of whom 5 stop reading',
    seconds: 12,
    once: true,
    run: (job) => slowReaders(job, { ...oneBoard, writers: 5, readers: 25, rate: 40, bulk: 10_000 }),
  },
  {
    name: 'idle',
    group: 'idle',
    title: 'Memory of a connection and of a board',
    once: true,
    collects: true,
    run: idle,
  },
  {
    name: 'control',
    group: 'control',
    title: 'The raw clients beside stock y-websocket 3.1 clients',
    only: ['y-websocket', 'muster-embedded'],
    once: true,
    run: (job) => control(job, { ...oneBoard, writers: 10, readers: 10, rate: 10 }),
  },
];
