import type { Json } from "../checkers/history/operation.ts";
import type { Client } from "../harness/run/scenario.ts";
import { type Exchange, send } from "./http-outcome.ts";
import { nextRequestKey } from "./request-key.ts";

/** The requests that a client makes to a report writer; all take what is left of one time limit. */
export interface ReportWriterClient {
  /** Takes the lock of a report. */
  take(lease: string, report: string): Promise<Exchange>;
  /** Works on the report of a lease and stores it. */
  write(lease: string, value: Json): Promise<Exchange>;
  /** Gives the lock back. */
  release(lease: string): Promise<Exchange>;
  look(report: string): Promise<Exchange>;
}

/** A client's requests to one of the workers. */
export function reportWriterClient(
  client: Client,
  worker: string,
  callTimeoutMs: number,
): ReportWriterClient {
  const signal = client.clock.timeoutSignal(callTimeoutMs);
  const base = `http://${worker}`;
  return {
    take: (id, report) =>
      send(client, { method: "POST", url: `${base}/leases`, body: { id, report }, signal }),
    write: (lease, value) =>
      send(client, {
        method: "PUT",
        url: `${base}/leases/${lease}/report`,
        body: { value },
        requestKey: nextRequestKey(client),
        signal,
      }),
    release: (lease) => send(client, { method: "POST", url: `${base}/leases/${lease}/release`, signal }),
    look: (report) => send(client, { method: "GET", url: `${base}/reports/${report}`, signal }),
  };
}
