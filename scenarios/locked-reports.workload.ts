import * as fc from "fast-check";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Invocation, Outcome } from "../harness/run/outcome.ts";
import type { Client, Session, Workload } from "../harness/run/scenario.ts";
import { reportWriterNodes } from "../reference-impl/systems/report-writer.system.ts";
import { type Exchange, readOutcome, send, writeOutcome } from "./http-outcome.ts";
import { nextRequestKey } from "./request-key.ts";
import { idleValue, uniqueValue } from "./unique-value.ts";

/**
 * One step of a client: it takes the lock of a report if it holds none, else writes, else gives the lock
 * back. `again`: it writes once more before that.
 */
export type LockedReportCall =
  | { readonly do: "step"; readonly worker: 0 | 1; readonly value: string; readonly again: boolean }
  | { readonly do: "look"; readonly worker: 0 | 1 };

const report = "0";
const lock = `lock/${report}`;
const reportKey = `report/${report}`;

/**
 * Clients take the lock of one report through either worker, have the report worked on and stored, and give
 * the lock back, as often as they can. Each numbers its acquisitions. Values written are unique.
 */
export function lockedReportsWorkload(callTimeoutMs: number): Workload<LockedReportCall> {
  return {
    clients: { min: 3, max: 4 },
    operationsPerClient: { min: 10, max: 16 },
    thinkMsMax: 60,
    call: fc.record({
      do: fc.constant("step" as const),
      worker: fc.constantFrom(0 as const, 1 as const),
      value: uniqueValue(),
      again: fc.boolean(),
    }),
    preparation: [],
    idle: (client, round) => ({
      do: "step",
      worker: client % 2 === 0 ? 0 : 1,
      value: idleValue(client, round),
      again: false,
    }),
    finalReads: () => [
      { do: "look", worker: 0 },
      { do: "look", worker: 1 },
    ],
    invocation,
    perform: (asked, client) => perform(asked, client, callTimeoutMs),
  };
}

/** What a client knows of the lock that it was told to hold. */
interface Holding {
  readonly acquisition: number;
  readonly token: Json;
  readonly worker: string;
  /** Writes that it has sent. */
  readonly writes: number;
}

function holdingOf(session: Session): Holding | null {
  const acquisition = session.get("acquisition");
  if (typeof acquisition !== "number") return null;
  return {
    acquisition,
    token: session.get("token") ?? null,
    worker: String(session.get("worker")),
    writes: Number(session.get("writes") ?? 0),
  };
}

function invocation(call: LockedReportCall, session: Session): Invocation {
  if (call.do === "look") return { f: "look", key: reportKey, node: workerOf(call) };
  const holding = holdingOf(session);
  if (holding === null) return { f: "acquire", key: lock, node: workerOf(call) };
  const { acquisition, token, worker: node, writes } = holding;
  if (writes > (call.again ? 1 : 0)) return { f: "release", key: lock, node, value: { token, acquisition } };
  const value = { lock, token, acquisition, value: call.value };
  return { f: "guarded-write", key: reportKey, node, value };
}

function workerOf({ worker }: LockedReportCall): string {
  return reportWriterNodes.workers[worker];
}

async function perform(
  { f, node = "", value = null }: Invocation,
  client: Client,
  callTimeoutMs: number,
): Promise<Outcome> {
  const { session } = client;
  const signal = client.clock.timeoutSignal(callTimeoutMs);
  const base = `http://${node}`;
  if (f === "look") {
    return readOutcome(await send(client, { method: "GET", url: `${base}/reports/${report}`, signal }), shown);
  }
  if (f === "acquire") return await acquire(client, node, signal);
  const lease = `${base}/leases/lease-${fieldOf(value, "acquisition")}`;
  if (f === "release") {
    forget(session);
    const released = await send(client, { method: "POST", url: `${lease}/release`, signal });
    return writeOutcome(released, () => value);
  }
  session.set("writes", Number(session.get("writes") ?? 0) + 1);
  const written = await send(client, {
    method: "PUT",
    url: `${lease}/report`,
    body: { value: fieldOf(value, "value") ?? null },
    requestKey: nextRequestKey(client),
    signal,
  });
  // Whoever is told that the lock is lost gives it back all the same, as such code does.
  if (isRefused(written)) session.set("writes", 2);
  return writeOutcome(written, () => value);
}

async function acquire(client: Client, worker: string, signal: AbortSignal): Promise<Outcome> {
  const { session } = client;
  const asked = Number(session.get("acquisitions") ?? 0) + 1;
  session.set("acquisitions", asked);
  // A number that no other acquisition of the run has.
  const acquisition = (client.number + 1) * 1000 + asked;
  const body = { id: `lease-${acquisition}`, report };
  const taken = await send(client, { method: "POST", url: `http://${worker}/leases`, body, signal });
  const outcome = writeOutcome(taken, (answer) => ({
    token: fieldOf(answer, "token") ?? null,
    ttlMs: fieldOf(answer, "ttlMs") ?? null,
    acquisition,
  }));
  if (outcome.type !== "ok") return outcome;
  session.set("acquisition", acquisition);
  session.set("token", fieldOf(outcome.value, "token") ?? null);
  session.set("worker", worker);
  return outcome;
}

function forget(session: Session): void {
  for (const name of ["acquisition", "token", "worker", "writes"]) session.delete(name);
}

function isRefused(exchange: Exchange): boolean {
  return exchange.kind === "answered" && exchange.status >= 400 && exchange.status < 500;
}

function shown(body: Json): Json {
  return fieldOf(body, "value") ?? null;
}
