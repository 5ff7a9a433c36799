import type { Client } from "../harness/run/scenario.ts";

const header = "session-token";

/** A client that sends back, with each request, the session token of the last answer that had one. */
export function withSessionToken(client: Client): Client {
  const { session } = client;
  return {
    ...client,
    fetch: async (url, init) => {
      const headers = new Headers(init?.headers);
      const token = session.get(header);
      if (typeof token === "string") headers.set(header, token);
      const response = await client.fetch(url, { ...init, headers });
      const next = response.headers.get(header);
      if (next !== null) session.set(header, next);
      return response;
    },
  };
}
