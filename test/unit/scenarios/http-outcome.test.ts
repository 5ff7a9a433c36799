import { describe, expect, test } from "vitest";
import type { Client } from "../../../harness/run/scenario.ts";
import {
  type ClientRequest,
  type Exchange,
  readOutcome,
  send,
  sendUntilDecided,
  writeOutcome,
} from "../../../scenarios/http-outcome.ts";

const request: ClientRequest = {
  method: "POST",
  url: "http://user/users",
  body: { name: "a" },
  requestKey: "k",
  signal: new AbortController().signal,
};

function broken(code: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
}

function answer(status: number, body: unknown = null): Response {
  return new Response(JSON.stringify(body), { status });
}

/** A client whose requests end as given, and the requests that it sent. */
function clientOf(...ends: (Response | Error)[]): Client & { readonly sent: RequestInit[] } {
  const sent: RequestInit[] = [];
  return {
    number: 0,
    session: new Map(),
    clock: {} as Client["clock"],
    sent,
    fetch: async (_url, init = {}) => {
      const end = ends[sent.length];
      sent.push(init);
      if (end === undefined) throw new Error("one request too many");
      if (end instanceof Error) throw end;
      return end;
    },
  };
}

describe("send", () => {
  test("tells answers, refused connections and lost answers apart", async () => {
    expect(await send(clientOf(answer(200, { a: 1 })), request)).toEqual({
      kind: "answered",
      status: 200,
      body: { a: 1 },
    });
    expect(await send(clientOf(broken("ECONNREFUSED")), request)).toEqual({
      kind: "refused",
      code: "ECONNREFUSED",
    });
    expect(await send(clientOf(broken("ECONNRESET")), request)).toEqual({ kind: "lost", code: "ECONNRESET" });
    const timeout = new DOMException("timeout", "TimeoutError");
    expect(await send(clientOf(timeout), request)).toEqual({ kind: "lost", code: "client-timeout" });
  });

  test("a body that is no JSON is no reason to fail", async () => {
    expect(await send(clientOf(new Response("<html>", { status: 502 })), request)).toMatchObject({
      status: 502,
      body: null,
    });
  });

  test("sends the request key and the body", async () => {
    const client = clientOf(answer(200));
    await send(client, request);
    expect(client.sent[0]).toMatchObject({ headers: { "idempotency-key": "k" }, body: '{"name":"a"}' });
  });

  test("an error that is none of a connection is the harness's own", async () => {
    await expect(send(clientOf(new TypeError("mistake")), request)).rejects.toThrow("mistake");
  });
});

describe("outcomes", () => {
  const error = (code: string) => ({ error: { code, message: "" } });
  const show = () => "shown";

  test.each<[string, Exchange, object]>([
    ["2xx", { kind: "answered", status: 201, body: {} }, { type: "ok", value: "shown" }],
    [
      "a conflict",
      { kind: "answered", status: 409, body: error("conflict") },
      { type: "fail", error: { code: "conflict" } },
    ],
    [
      "409 without a code",
      { kind: "answered", status: 409, body: null },
      { type: "fail", error: { code: "conflict" } },
    ],
    [
      "400",
      { kind: "answered", status: 400, body: error("bad-body") },
      { type: "fail", error: { code: "bad-body" } },
    ],
    ["unavailable", { kind: "answered", status: 503, body: error("unavailable") }, { type: "fail" }],
    [
      "no free connection",
      { kind: "answered", status: 503, body: error("no-free-connection") },
      { type: "fail", error: { code: "no-free-connection" } },
    ],
    ["unknown outcome", { kind: "answered", status: 503, body: error("unknown-outcome") }, { type: "info" }],
    [
      "503 without a code",
      { kind: "answered", status: 503, body: null },
      { type: "info", error: { code: "http-503" } },
    ],
    ["500", { kind: "answered", status: 500, body: null }, { type: "info" }],
    ["refused", { kind: "refused", code: "ECONNREFUSED" }, { type: "fail", error: { code: "ECONNREFUSED" } }],
    ["lost", { kind: "lost", code: "ECONNRESET" }, { type: "info", error: { code: "ECONNRESET" } }],
  ])("of a write: %s", (_name, exchange, outcome) => {
    expect(writeOutcome(exchange, show)).toMatchObject(outcome);
  });

  test("of a read: what is not shown is a fail, and not found is shown as null", () => {
    expect(readOutcome({ kind: "answered", status: 200, body: {} }, show)).toEqual({
      type: "ok",
      value: "shown",
    });
    expect(readOutcome({ kind: "answered", status: 404, body: null }, show)).toEqual({
      type: "ok",
      value: null,
    });
    expect(readOutcome({ kind: "lost", code: "ECONNRESET" }, show)).toMatchObject({ type: "fail" });
    expect(readOutcome({ kind: "answered", status: 500, body: null }, show)).toMatchObject({ type: "fail" });
  });
});

describe("sendUntilDecided", () => {
  test("asks once more with the same key when the outcome is open", async () => {
    const client = clientOf(broken("ECONNRESET"), answer(200, "done"));
    expect(await sendUntilDecided(client, request)).toMatchObject({ status: 200, body: "done" });
    expect(client.sent.map(({ headers }) => (headers as Record<string, string>)["idempotency-key"])).toEqual([
      "k",
      "k",
    ]);
  });

  test("does not ask again after a decision", async () => {
    expect(await sendUntilDecided(clientOf(answer(409)), request)).toMatchObject({ status: 409 });
    expect(await sendUntilDecided(clientOf(broken("ECONNREFUSED")), request)).toMatchObject({
      kind: "refused",
    });
  });

  test("a refused connection or `unavailable` says nothing about the first copy", async () => {
    for (const second of [broken("ECONNREFUSED"), answer(503, { error: { code: "unavailable" } })]) {
      const exchange = await sendUntilDecided(clientOf(broken("ECONNRESET"), second), request);
      expect(exchange).toEqual({ kind: "lost", code: "ECONNRESET" });
    }
  });
});
