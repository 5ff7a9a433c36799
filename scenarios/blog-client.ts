import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Client } from "../harness/run/scenario.ts";
import { blogNodes } from "../reference-impl/systems/blog.system.ts";
import { type Exchange, send } from "./http-outcome.ts";
import { nextRequestKey } from "./request-key.ts";

const header = "blog-session";

/** The requests that a client makes to the blog; all take what is left of one time limit. */
export interface BlogClient {
  put(entry: { id: string; after: Json; text: Json }): Promise<Exchange>;
  list(): Promise<Exchange>;
  get(id: string): Promise<Exchange>;
}

/** A client's requests in its session; `anonymous`: each in a session of its own. */
export function blogClient(client: Client, callTimeoutMs: number, anonymous = false): BlogClient {
  const signal = client.clock.timeoutSignal(callTimeoutMs);
  const base = `http://${blogNodes.blog}/entries`;
  const asked = anonymous ? client : inSession(client);
  return {
    put: ({ id, after, text }) =>
      send(asked, {
        method: "POST",
        url: base,
        body: { id, author: `client-${client.number}`, after_id: after, text },
        requestKey: nextRequestKey(client),
        signal,
      }),
    list: () => send(asked, { method: "GET", url: base, signal }),
    get: (id) => send(asked, { method: "GET", url: `${base}/${id}`, signal }),
  };
}

/** Sends back the session of the last answer. */
function inSession(client: Client): Client {
  const { session } = client;
  return {
    ...client,
    fetch: async (url, init) => {
      const headers = new Headers(init?.headers);
      const known = session.get(header);
      if (typeof known === "string") headers.set(header, known);
      const response = await client.fetch(url, { ...init, headers });
      const next = response.headers.get(header);
      if (next !== null) session.set(header, next);
      return response;
    },
  };
}

/** The key of an entry in the history. */
export function entryKey(id: string): string {
  return `entry/${id}`;
}

/** An entry as the history shows it. */
export function shownEntry(body: Json): Json {
  const after = fieldOf(body, "after_id") ?? null;
  return { value: fieldOf(body, "text") ?? null, after: after === null ? null : entryKey(String(after)) };
}
