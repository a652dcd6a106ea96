/** Milliseconds counted in buckets of at most 1.6 % width, from 1 µs to two minutes. */
export class Latencies {
  count = 0;
  max = 0;
  readonly #buckets = new Uint32Array(1600);

  record(milliseconds: number): void {
    const micros = Math.max(0, Math.round(milliseconds * 1000));
    const index = bucketOf(micros);
    this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
    this.count += 1;
    if (milliseconds > this.max) this.max = milliseconds;
  }

  /** `null` when nothing was recorded. */
  quantile(part: number): number | null {
    if (this.count === 0) return null;
    let left = Math.ceil(part * this.count);
    for (let index = 0; index < this.#buckets.length; index++) {
      left -= this.#buckets[index] ?? 0;
      if (left <= 0) return Math.min(this.max, microsOf(index) / 1000);
    }
    return this.max;
  }

  summary(): Summary {
    return {
      count: this.count,
      p50: this.quantile(0.5),
      p99: this.quantile(0.99),
      p999: this.quantile(0.999),
      max: this.count === 0 ? null : this.max,
    };
  }
}

export type Summary = {
  readonly count: number;
  readonly p50: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number | null;
};

/** 64 buckets for each doubling. */
function bucketOf(micros: number): number {
  if (micros < 64) return micros;
  const doubling = Math.floor(Math.log2(micros)) - 6;
  return (doubling + 1) * 64 + Math.floor(micros / 2 ** doubling) - 64;
}

function microsOf(index: number): number {
  if (index < 64) return index;
  const doubling = Math.floor(index / 64) - 1;
  return (64 + (index % 64) + 1) * 2 ** doubling;
}
