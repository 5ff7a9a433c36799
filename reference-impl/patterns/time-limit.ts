import type { ServiceClock } from "../service-needs.ts";

/** Thrown when something took too long. It may still be under way. */
export class TimeLimitExceeded extends Error {
  override readonly name = "TimeLimitExceeded";

  constructor(what: string, limitMs: number) {
    super(`${what} took longer than ${limitMs} ms`);
  }
}

/**
 * Waits for something for a bounded time, whatever its client's own limits are. Rejects with
 * {@link TimeLimitExceeded} then; what was begun is not stopped by that.
 */
export async function withinTime<Result>(
  clock: ServiceClock,
  limitMs: number,
  what: string,
  work: Promise<Result>,
): Promise<Result> {
  // A rejection that comes after the limit is nobody's any more.
  work.catch(() => {});
  return await Promise.race([
    work,
    clock.sleep(limitMs).then(() => {
      throw new TimeLimitExceeded(what, limitMs);
    }),
  ]);
}
