import type { Json } from "../checkers/history/operation.ts";
import type { Client } from "../harness/run/scenario.ts";
import { userNodes } from "../reference-impl/systems/user.system.ts";
import { type Exchange, send, sendUntilDecided } from "./http-outcome.ts";
import { nextRequestKey } from "./request-key.ts";

const users = `http://${userNodes.service}/users`;

/** What a profile holds besides its id. */
export interface ProfileBody {
  readonly name: Json;
  /** The version that a change was made from. */
  readonly expectedVersion?: Json;
}

/** The requests that a client makes to the user service; each takes what is left of the same time limit. */
export interface UserClient {
  get(id: string): Promise<Exchange>;
  /** Creates a user. */
  post(id: string, body: ProfileBody): Promise<Exchange>;
  /** Changes a profile. */
  put(id: string, body: ProfileBody): Promise<Exchange>;
}

/** `persistent`: the client asks again, with the same request key, when it does not learn the outcome. */
export function userClient(client: Client, callTimeoutMs: number, persistent: boolean): UserClient {
  const signal = client.clock.timeoutSignal(callTimeoutMs);
  const change = persistent ? sendUntilDecided : send;
  const email = (id: string): string => `${id}@example.org`;
  return {
    get: (id) => send(client, { method: "GET", url: `${users}/${id}`, signal }),
    post: (id, body) =>
      change(client, {
        method: "POST",
        url: users,
        body: { id, email: email(id), ...body },
        requestKey: nextRequestKey(client),
        signal,
      }),
    put: (id, body) =>
      change(client, {
        method: "PUT",
        url: `${users}/${id}`,
        body: { email: email(id), ...body },
        requestKey: nextRequestKey(client),
        signal,
      }),
  };
}
