import { wrongType } from "./redis-errors.ts";
import type { RedisStream, RedisValue } from "./redis-value.ts";

/** Below this many keys with an expiry nothing is swept. */
const SWEEP_MIN = 64;

/**
 * The keys of a server. A key is gone from the moment after its expiry on, by the clock that is handed
 * in; memory of expired keys that nobody asks for is taken back when there are as many again.
 */
export class RedisStore {
  readonly #nowMs: () => number;
  readonly #values = new Map<string, RedisValue>();
  /** When keys expire, in ms since 1970. */
  readonly #expiries = new Map<string, number>();
  #sweepAt = SWEEP_MIN;
  /** Streams that got an entry or went away since the last look: readers that wait for them are served. */
  readonly touchedStreams: Set<string> = new Set();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The server's clock: ms since 1970. */
  nowMs(): number {
    return this.#nowMs();
  }

  /** What the key holds, if it is there. */
  find(key: string): RedisValue | undefined {
    const expiry = this.#expiries.get(key);
    if (expiry !== undefined && this.#nowMs() > expiry) {
      this.remove(key);
      return undefined;
    }
    return this.#values.get(key);
  }

  /** The text that the key holds; throws WRONGTYPE where it holds something else. */
  findText(key: string): string | undefined {
    const value = this.find(key);
    if (value === undefined) return undefined;
    if (value.kind !== "string") throw wrongType();
    return value.text;
  }

  /** The hash that the key holds; throws WRONGTYPE where it holds something else. */
  findHash(key: string): Map<string, string> | undefined {
    const value = this.find(key);
    if (value === undefined) return undefined;
    if (value.kind !== "hash") throw wrongType();
    return value.fields;
  }

  /** The stream that the key holds; throws WRONGTYPE where it holds something else. */
  findStream(key: string): RedisStream | undefined {
    const value = this.find(key);
    if (value === undefined) return undefined;
    if (value.kind !== "stream") throw wrongType();
    return value;
  }

  /** Puts a value in the place of whatever was there; the expiry stays. */
  put(key: string, value: RedisValue): void {
    if (this.#values.get(key)?.kind === "stream" || value.kind === "stream") this.touchedStreams.add(key);
    this.#values.set(key, value);
  }

  /** True if there was something to remove. */
  remove(key: string): boolean {
    this.#expiries.delete(key);
    if (this.#values.get(key)?.kind === "stream") this.touchedStreams.add(key);
    return this.#values.delete(key);
  }

  /** When the key expires, in ms since 1970; undefined: never. */
  expiry(key: string): number | undefined {
    return this.#expiries.get(key);
  }

  /** The key expires at this moment; null: never. */
  setExpiry(key: string, atMs: number | null): void {
    if (atMs === null) {
      this.#expiries.delete(key);
      return;
    }
    this.#expiries.set(key, atMs);
    if (this.#expiries.size > this.#sweepAt) this.#sweep();
  }

  /** Everything is gone. */
  clear(): void {
    this.#values.clear();
    this.#expiries.clear();
    this.touchedStreams.clear();
  }

  /** Keys in memory, those that have expired unnoticed included. For tests. */
  get size(): number {
    return this.#values.size;
  }

  #sweep(): void {
    for (const key of [...this.#expiries.keys()]) this.find(key);
    this.#sweepAt = Math.max(SWEEP_MIN, this.#expiries.size * 2);
  }
}
