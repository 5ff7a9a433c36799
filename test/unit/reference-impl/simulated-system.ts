import type { SystemDefinition } from "../../../harness/run/system.ts";
import { type SimClient, Simulation } from "../../../harness/sim/simulation.ts";

/** What a test says to a running system. */
export interface SimulatedSystem {
  readonly simulation: Simulation;
  /** One request of client 0, with its answer's status and body. */
  request(method: string, url: string, body?: unknown, requestKey?: string): Promise<SimulatedAnswer>;
  readonly client: SimClient;
}

/** An answer; `body` is the parsed JSON. */
export interface SimulatedAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Runs a system on virtual time, and the test's own requests within it. */
export async function simulate<Result>(
  system: SystemDefinition,
  test: (system: SimulatedSystem) => Promise<Result>,
  options: { readonly seed?: number; readonly latencyMaxUs?: number } = {},
): Promise<Result> {
  const simulation = new Simulation({
    system,
    seed: options.seed ?? 1,
    drain: "tick",
    latencyMaxUs: options.latencyMaxUs ?? 1000,
    salts: [],
    onRecord: () => {},
    clientNodes: ["client-0"],
  });
  const client = simulation.client("client-0");
  let end: { readonly result: Result } | { readonly error: unknown } | null = null;
  const run = async () => {
    await simulation.boot();
    return await test({ simulation, client, request: (...request) => ask(client, ...request) });
  };
  const begin = () => {
    run().then(
      (result) => {
        end = { result };
      },
      (error: unknown) => {
        end = { error };
      },
    );
  };
  simulation.scheduler.schedule(0, "begin", begin, { owner: simulation.root, cause: -1 });
  // Clients such as kafkajs read the global clock.
  const unpin = simulation.pinGlobals();
  const why = await simulation.scheduler
    .drive(() => end !== null, { events: 1e6, timeNs: 1e12 })
    .finally(unpin);
  const ended = end as { readonly result: Result } | { readonly error: unknown } | null;
  if (ended === null) throw new Error(`the simulation did not end: ${why}`);
  if ("error" in ended) throw ended.error;
  return ended.result;
}

async function ask(
  client: SimClient,
  method: string,
  url: string,
  body?: unknown,
  requestKey?: string,
): Promise<SimulatedAnswer> {
  const response = await client.fetch(url, {
    method,
    headers: {
      "content-type": "application/json",
      ...(requestKey === undefined ? {} : { "idempotency-key": requestKey }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as SimulatedAnswer["body"] };
}
