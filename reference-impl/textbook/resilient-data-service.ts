import type { ServiceClock } from "../service-needs.ts";

/** Where the seed's service saves: `self.database`. */
export interface SeedDatabase<Data> {
  save(data: Data): Promise<unknown>;
}

/** The seed's `CircuitBreakerOpenError`. */
export class CircuitBreakerOpenError extends Error {
  override readonly name = "CircuitBreakerOpenError";
}

/** The seed's `ValidationError`. */
export class ValidationError extends Error {
  override readonly name = "ValidationError";
}

/**
 * The circuit breaker that the seed's service uses and does not show: it asks `is_open`, tells of success
 * and failure, and has no third state. Once open nothing is sent, so no success can ever close it.
 */
export class SeedCircuitBreaker {
  #failures = 0;

  isOpen(): boolean {
    return this.#failures >= 5;
  }

  recordSuccess(): void {
    this.#failures = 0;
  }

  recordFailure(): void {
    this.#failures++;
  }
}

/** tenacity's `stop_after_attempt(3)`. */
const attempts = 3;
/** tenacity's `wait_exponential(multiplier=1, min=4, max=10)`: 1, 2, 4, … s, but never below 4 or above 10. */
const waitMs = (failed: number): number => Math.min(Math.max(1000 * 2 ** (failed - 1), 4000), 10_000);

/**
 * The seed's `ResilientDataService` ("Error Handling and Resilience"). Its `except` clauses raise again
 * whatever they caught, and `retry` without a condition repeats on any exception: so a validation error,
 * which the comment says is not retried, is.
 */
export class ResilientDataService<Data> {
  readonly #database: SeedDatabase<Data>;
  readonly #breaker: SeedCircuitBreaker;
  readonly #clock: ServiceClock;

  constructor(database: SeedDatabase<Data>, breaker: SeedCircuitBreaker, clock: ServiceClock) {
    this.#database = database;
    this.#breaker = breaker;
    this.#clock = clock;
  }

  /** `save_with_retry`, around `save_with_circuit_breaker`: the seed shows the two side by side. */
  async saveWithRetry(data: Data): Promise<unknown> {
    for (let failed = 1; ; failed++) {
      try {
        return await this.saveWithCircuitBreaker(data);
      } catch (error) {
        if (failed >= attempts) throw error;
        await this.#clock.sleep(waitMs(failed));
      }
    }
  }

  /** `save_with_circuit_breaker`. */
  async saveWithCircuitBreaker(data: Data): Promise<unknown> {
    if (this.#breaker.isOpen()) throw new CircuitBreakerOpenError("Database circuit breaker is open");
    try {
      const result = await this.#database.save(data);
      this.#breaker.recordSuccess();
      return result;
    } catch (error) {
      this.#breaker.recordFailure();
      throw error;
    }
  }
}
