import fs from 'node:fs';

/** What the processes of a system have used since they started. */
export type Usage = {
  readonly cpuSeconds: number;
  /** Resident memory now, bytes: of the servers themselves, without their database. */
  readonly resident: number;
};

/** `servers` are counted in all; of `helpers` (database, bus) everything but memory, their children included. */
export function usageOf(servers: readonly number[], helpers: readonly number[]): Usage {
  const all = [...servers, ...helpers.flatMap((pid) => [pid, ...childrenOf(pid)])];
  return {
    cpuSeconds: sum(all.map(cpuSeconds)),
    resident: sum(servers.map(residentBytes)),
  };
}

export function since(before: Usage, after: Usage): Usage {
  return {
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    resident: after.resident - before.resident,
  };
}

/**
 * Bytes written so far to the disk that holds `folder`, by the whole machine: what the kernel counts for one process
 * is whole folios, up to a megabyte for a change of 100 bytes.
 */
export function writtenTo(folder: string): number {
  const { dev } = fs.statSync(folder);
  const [major, minor] = [(dev >> 8) & 0xfff, (dev & 0xff) | ((dev >> 12) & 0xfff00)];
  const fields = read('/proc/diskstats')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([first, second]) => Number(first) === major && Number(second) === minor);
  return Number(fields?.[9] ?? 0) * 512;
}

const ticksPerSecond = 100;

function cpuSeconds(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime, stime, and those of children that have ended.
  return sum([11, 12, 13, 14].map((at) => Number(fields[at] ?? 0))) / ticksPerSecond;
}

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

function childrenOf(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim();
  return children === '' ? [] : children.split(' ').map(Number);
}

/** Empty when the process has ended meanwhile. */
function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return '';
    throw error;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
