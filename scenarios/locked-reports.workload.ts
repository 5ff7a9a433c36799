import * as fc from "fast-check";
import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Invocation, Outcome } from "../harness/run/outcome.ts";
import type { Client, Session, Workload } from "../harness/run/scenario.ts";
import { reportWriterNodes } from "../reference-impl/systems/report-writer.system.ts";
import { type Exchange, readOutcome, writeOutcome } from "./http-outcome.ts";
import { type ReportWriterClient, reportWriterClient } from "./report-writer-client.ts";
import { uniqueValue } from "./unique-value.ts";

/**
 * What a client does. `step`: it takes the lock if it does not hold it, else writes, else gives the lock back.
 * `again`: it writes once more before that. `refresh`: all of it in one go, on a report that nobody else
 * works on.
 */
export type LockedReportCall =
  | { readonly do: "step"; readonly worker: 0 | 1; readonly value: string; readonly again: boolean }
  | { readonly do: "look" | "refresh"; readonly worker: 0 | 1; readonly report: string };

const sharedReport = "0";
const lock = `lock/${sharedReport}`;
/** The pause of a client that found the lock taken. */
const lockedPauseMs = 25;

/**
 * Clients take the lock of one report, have the report worked on and stored, and give the lock back, as
 * often as they can. Each stays with a worker until that fails it, and numbers its acquisitions. Values
 * written are unique.
 */
export function lockedReportsWorkload(callTimeoutMs: number): Workload<LockedReportCall> {
  const step = (value: string): LockedReportCall => ({ do: "step", worker: 0, value, again: false });
  return {
    clients: { min: 4, max: 4 },
    operationsPerClient: { min: 10, max: 16 },
    thinkMsMax: 30,
    call: fc.record({
      do: fc.constant("step" as const),
      worker: fc.constantFrom(0 as const, 1 as const),
      value: uniqueValue(),
      again: fc.boolean(),
    }),
    // So that the store has accepted a write whatever comes.
    preparation: [step("first"), step("first"), step("first")],
    idle: (client, round) => ({
      do: "refresh",
      worker: (client + round) % 2 === 0 ? 0 : 1,
      report: `own-${client}-${round}`,
    }),
    finalReads: () => [
      { do: "look", worker: 0, report: sharedReport },
      { do: "look", worker: 1, report: sharedReport },
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
  if (call.do !== "step") {
    return { f: call.do, key: `report/${call.report}`, node: reportWriterNodes.workers[call.worker] };
  }
  const holding = holdingOf(session);
  const own = session.get("own worker");
  const worker = typeof own === "string" ? own : reportWriterNodes.workers[call.worker];
  if (holding === null) return { f: "acquire", key: lock, node: worker };
  const { acquisition, token, worker: node, writes } = holding;
  if (writes > (call.again ? 1 : 0)) return { f: "release", key: lock, node, value: { token, acquisition } };
  const value = { lock, token, acquisition, value: call.value };
  return { f: "guarded-write", key: `report/${sharedReport}`, node, value };
}

async function perform(
  { f, key = "", node = "", value = null }: Invocation,
  client: Client,
  callTimeoutMs: number,
): Promise<Outcome> {
  const { session } = client;
  const worker = reportWriterClient(client, node, callTimeoutMs);
  if (f === "look") return readOutcome(await worker.look(key.slice("report/".length)), shown);
  if (f === "refresh") return await refresh(worker, key.slice("report/".length));
  if (f === "acquire") return await acquire(client, worker, node);
  const lease = `lease-${fieldOf(value, "acquisition")}`;
  if (f === "release") {
    for (const name of holdingNames) session.delete(name);
    return writeOutcome(await worker.release(lease), () => value);
  }
  session.set("writes", Number(session.get("writes") ?? 0) + 1);
  const written = await worker.write(lease, fieldOf(value, "value") ?? null);
  // Whoever is told that the lock is lost gives it back all the same, as such code does.
  if (isRefused(written)) session.set("writes", 2);
  return writeOutcome(written, () => value);
}

async function acquire(client: Client, worker: ReportWriterClient, node: string): Promise<Outcome> {
  const { session } = client;
  const asked = Number(session.get("acquisitions") ?? 0) + 1;
  session.set("acquisitions", asked);
  // A number that no other acquisition of the run has.
  const acquisition = (client.number + 1) * 1000 + asked;
  const taken = await worker.take(`lease-${acquisition}`, sharedReport);
  session.set("own worker", taken.kind === "answered" ? node : otherWorker(node));
  const outcome = writeOutcome(taken, (answer) => ({
    token: fieldOf(answer, "token") ?? null,
    ttlMs: fieldOf(answer, "ttlMs") ?? null,
    acquisition,
  }));
  if (outcome.type === "ok") {
    session.set("acquisition", acquisition);
    session.set("token", fieldOf(outcome.value, "token") ?? null);
    session.set("worker", node);
  } else if (isRefused(taken)) await client.clock.sleep(lockedPauseMs);
  return outcome;
}

/** Takes the lock of a report of its own, writes, gives the lock back. */
async function refresh(worker: ReportWriterClient, report: string): Promise<Outcome> {
  const lease = `lease-${report}`;
  const taken = await worker.take(lease, report);
  if (taken.kind !== "answered" || taken.status !== 201) return writeOutcome(taken, () => null);
  const written = await worker.write(lease, report);
  await worker.release(lease);
  return writeOutcome(written, () => null);
}

const holdingNames = ["acquisition", "token", "worker", "writes"] as const;

function otherWorker(node: string): string {
  const [first, second] = reportWriterNodes.workers;
  return node === first ? second : first;
}

function isRefused(exchange: Exchange): boolean {
  return exchange.kind === "answered" && exchange.status >= 400 && exchange.status < 500;
}

function shown(body: Json): Json {
  return fieldOf(body, "value") ?? null;
}
