import type { RandomStream } from "../random/random-stream.ts";
import { lightResponseClass } from "./light-response.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SimEvent } from "./sim-event.ts";
import { uuidFrom } from "./uuid-from.ts";
import { SIM_EPOCH_MS } from "./virtual-clock.ts";

/**
 * Replaces the clock, the timers and the randomness of the global object by virtual ones, so that code
 * which uses `Date.now()`, `setTimeout` or `Math.random()` behind the harness's back is deterministic
 * all the same; and `Response` by a cheaper one that behaves the same. The answer puts everything back. Only one scheduler can be pinned at a time.
 */
export function pinGlobals(scheduler: Scheduler, random: RandomStream): () => void {
  const nowMs = () => SIM_EPOCH_MS + scheduler.now / 1e6;
  const undo = [
    replace(
      globalThis,
      "Date",
      pinnedDate(() => Math.floor(nowMs())),
    ),
    replace(globalThis, "Response", lightResponseClass()),
    replace(Math, "random", () => random.fraction()),
    replace(performance, "now", () => scheduler.now / 1e6),
    replace(crypto, "randomUUID", () => uuidFrom(random)),
    replace(crypto, "getRandomValues", (array: ArrayBufferView) => fill(array, random)),
    ...pinTimers(scheduler),
  ];
  return () => {
    for (const restore of undo) restore();
  };
}

/** What `setTimeout` answers while pinned; Node's own has these methods too. */
class PinnedTimer {
  event: SimEvent | null = null;
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
}

function pinTimers(scheduler: Scheduler): (() => void)[] {
  type Callback = (...args: unknown[]) => void;
  const after = (timer: PinnedTimer, callback: Callback, ms: number, args: unknown[]) => {
    timer.event = scheduler.schedule(ms * 1e6, "timer", () => callback(...args));
    return timer;
  };
  const every = (timer: PinnedTimer, callback: Callback, ms: number, args: unknown[]): PinnedTimer =>
    after(
      timer,
      () => {
        every(timer, callback, ms, args);
        callback(...args);
      },
      ms,
      [],
    );
  const clear = (timer: unknown) => {
    if (timer instanceof PinnedTimer && timer.event !== null) scheduler.cancel(timer.event);
  };
  const delay = (ms: number | undefined) => (ms !== undefined && ms >= 1 ? ms : 1);
  return [
    replace(globalThis, "setTimeout", (callback: Callback, ms?: number, ...args: unknown[]) =>
      after(new PinnedTimer(), callback, delay(ms), args),
    ),
    replace(globalThis, "setInterval", (callback: Callback, ms?: number, ...args: unknown[]) =>
      every(new PinnedTimer(), callback, delay(ms), args),
    ),
    replace(globalThis, "setImmediate", (callback: Callback, ...args: unknown[]) =>
      after(new PinnedTimer(), callback, 0, args),
    ),
    replace(globalThis, "clearTimeout", clear),
    replace(globalThis, "clearInterval", clear),
    replace(globalThis, "clearImmediate", clear),
  ];
}

function pinnedDate(nowMs: () => number): DateConstructor {
  const RealDate = Date;
  function PinnedDate(this: unknown, ...args: unknown[]): Date | string {
    if (new.target === undefined) return new RealDate(nowMs()).toString();
    const parts = args.length === 0 ? [nowMs()] : args;
    return Reflect.construct(RealDate, parts, new.target === PinnedDate ? RealDate : new.target);
  }
  PinnedDate.prototype = RealDate.prototype;
  PinnedDate.now = nowMs;
  PinnedDate.parse = RealDate.parse;
  PinnedDate.UTC = RealDate.UTC;
  return PinnedDate as unknown as DateConstructor;
}

function fill<View extends ArrayBufferView>(array: View, random: RandomStream): View {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  for (let i = 0; i < bytes.length; i++) bytes[i] = random.integer(0, 255);
  return array;
}

function replace(holder: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(holder, name);
  Object.defineProperty(holder, name, { value, configurable: true, writable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(holder, name);
    else Object.defineProperty(holder, name, before);
  };
}
