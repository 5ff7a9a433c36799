import type { RedisClient } from "../../../harness/run/store-clients.ts";
import type { CallOutcome, RedisCall } from "./redis-call.ts";

/** Two clients of one server, and how time passes there. */
export interface RedisLane {
  readonly clients: readonly [RedisClient, RedisClient];
  /** Waits for work to settle. */
  finish<Value>(work: Promise<Value>): Promise<Value>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  /** Lets a call that was started arrive at the server and wait there, if it has to. */
  untilWaiting(work: Promise<unknown>): Promise<void>;
}

/** Runs a program of calls and answers what came of each, with drawn ids by their numbers. */
export async function runCalls(lane: RedisLane, calls: readonly RedisCall[]): Promise<CallOutcome[]> {
  const ids: string[] = [];
  const outcomes: CallOutcome[] = [];
  let waiting: Promise<CallOutcome> | null = null;
  for (const call of calls) {
    const { method, args } = call;
    if (call.client === 0 && waiting !== null) {
      outcomes.push(describe("waited", await lane.finish(waiting), ids));
      waiting = null;
    }
    const client = lane.clients[call.client] as unknown as Record<
      string,
      (...args: unknown[]) => Promise<unknown>
    >;
    const work = outcomeOf(async () => client[method]?.(...(resolveIds(args, ids) as unknown[])));
    if (call.waits) {
      waiting = work;
      await lane.untilWaiting(work);
      continue;
    }
    const outcome = await lane.finish(work);
    if (method === "xAdd" && args[1] === "*" && "value" in outcome) ids.push(String(outcome.value));
    else if (method === "xAdd" && args[1] === "*") ids.push("none");
    outcomes.push(describe(method, outcome, ids));
    if (call.thenMs !== undefined) await lane.pass(call.thenMs);
  }
  if (waiting !== null) outcomes.push(describe("waited", await lane.finish(waiting), ids));
  return outcomes;
}

async function outcomeOf(work: () => Promise<unknown>): Promise<CallOutcome> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: (error as Error).constructor.name, message: (error as Error).message };
  }
}

function resolveIds(value: unknown, ids: readonly string[]): unknown {
  if (typeof value === "string")
    return /^@\d+$/.test(value) ? (ids[Number(value.slice(1)) - 1] ?? "1-1") : value;
  if (Array.isArray(value)) return value.map((element) => resolveIds(element, ids));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolveIds(inner, ids)]));
}

function describe(method: string, outcome: CallOutcome, ids: readonly string[]): CallOutcome {
  if (!("value" in outcome)) return { error: outcome.error, message: outcome.message };
  // A remaining time cannot be equal to the millisecond.
  if (method === "pTTL" && Number(outcome.value) > 0)
    return { value: Math.round(Number(outcome.value) / 50_000) };
  return { value: nameIds(outcome.value, ids) };
}

function nameIds(value: unknown, ids: readonly string[]): unknown {
  if (typeof value === "string") {
    const position = ids.indexOf(value);
    return position >= 0 && value !== "none" ? `@${position + 1}` : value;
  }
  if (Array.isArray(value)) return value.map((element) => nameIds(element, ids));
  if (typeof value !== "object" || value === null) return value;
  // As pairs: a field may have any name.
  return Object.entries(value).map(([name, inner]) => [name, nameIds(inner, ids)]);
}
