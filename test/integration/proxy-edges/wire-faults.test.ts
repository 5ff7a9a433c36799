import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Toxiproxy } from "toxiproxy-node-client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Json } from "../../../checkers/history/operation.ts";
import type { ActiveRealFault } from "../../../harness/faults/fault.ts";
import { faults } from "../../../harness/faults/index.ts";
import { injectReal } from "../../../harness/faults/inject-real.ts";
import { EdgeNetwork } from "../../../harness/real/network/edge-network.ts";
import { FaultJournal } from "../../../harness/real/network/fault-journal.ts";
import { healFromJournal, openUndos } from "../../../harness/real/network/heal-from-journal.ts";
import type { ProxyEdge } from "../../../harness/real/network/proxy-edge.ts";
import { type EchoServer, startEchoServer } from "../../support/proxy/echo-server.ts";
import { edgePort } from "../../support/proxy/edge-port.ts";
import { LineClient } from "../../support/proxy/line-client.ts";
import {
  findToxiproxyServer,
  startToxiproxy,
  type TestToxiproxy,
} from "../../support/proxy/start-toxiproxy.ts";

const binary = await findToxiproxyServer();
if (binary === null) {
  process.stdout.write(
    "wire-faults.test.ts: left out, since there is no Toxiproxy server: run faultline setup, or name it in FAULTLINE_TOXIPROXY.\n",
  );
}

/** Long enough for a message to have arrived that is not held. */
const QUIET_MS = 150;

let toxiproxy: TestToxiproxy;
let folder: string;
let network: EdgeNetwork;
let journal: FaultJournal;
let journalPath: string;
let echo: EchoServer;
let edge: ProxyEdge;
let runs = 0;

async function inject(name: string, params: Json): Promise<ActiveRealFault> {
  const fault = faults.find((candidate) => candidate.name === name);
  if (fault === undefined) throw new Error(`There is no fault ${name}.`);
  return await injectReal(
    { id: 0, fault, params: fault.parse(params) },
    edgePort(network, journal.undo),
    journal,
  );
}

async function toxicsOf(url: string): Promise<readonly unknown[]> {
  const proxies = (await (await fetch(`${url}/proxies`)).json()) as Record<string, { toxics: unknown[] }>;
  return Object.values(proxies).flatMap(({ toxics }) => toxics);
}

const refused = (client: Promise<unknown>): Promise<string> =>
  client.then(
    () => "no error",
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );

describe.runIf(binary !== null)("a wire fault of the real lane", () => {
  beforeAll(async () => {
    toxiproxy = await startToxiproxy(binary ?? "");
    folder = await mkdtemp(join(tmpdir(), "faultline-edges-"));
  });

  afterAll(async () => {
    await toxiproxy?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    journalPath = join(folder, `faults-${++runs}.ndjson`);
    journal = new FaultJournal(journalPath, () => 0);
    network = new EdgeNetwork({
      toxiproxyUrl: toxiproxy.url,
      journal: journal.undo,
      sleep: async (ms) => {
        await sleep(ms);
      },
    });
    echo = await startEchoServer();
    edge = await network.open("a", "b", echo.port);
  });

  afterEach(async () => {
    await network.close();
    echo[Symbol.dispose]();
    expect(openUndos(readFileSync(journalPath, "utf8"))).toEqual([]);
  });

  test("none: bytes pass both ways and are counted as they pass", async () => {
    using client = await LineClient.open(edge.listenPort);
    expect(await client.ask("hello")).toBe("hello");
    expect(await edge.bytes()).toEqual({ up: 6, down: 6 });
    expect(edge.traffic()).toMatchObject({ opened: 1, open: 1, piecesUp: 1, piecesDown: 1 });
  });

  describe("link-partition", () => {
    test.each(["both", "a-to-b", "b-to-a"] as const)(
      "%s: holds, and releases in order",
      async (direction) => {
        using client = await LineClient.open(edge.listenPort);
        await client.ask("before");
        const fault = await inject("link-partition", { a: "a", b: "b", direction });
        expect(await fault.bites()).toBe(0);
        client.send("1");
        await sleep(QUIET_MS);
        client.send("2");
        await sleep(QUIET_MS);
        expect(client.waiting).toBe(0);
        expect(echo.received).toEqual(direction === "b-to-a" ? ["before", "1", "2"] : ["before"]);
        expect(await fault.bites()).toBeGreaterThanOrEqual(2);
        await fault.heal();
        expect([await client.next(), await client.next()]).toEqual(["1", "2"]);
        expect(await client.ask("after")).toBe("after");
      },
    );

    test("holds new connections too, and those of no other edge", async () => {
      const other = await network.open("c", "b", echo.port);
      const fault = await inject("link-partition", { a: "a", b: "b", direction: "both" });
      using client = await LineClient.open(edge.listenPort);
      using apart = await LineClient.open(other.listenPort);
      client.send("held");
      expect(await apart.ask("passes")).toBe("passes");
      expect(echo.received).toEqual(["passes"]);
      await fault.heal();
      await fault.heal();
      expect(await client.next()).toBe("held");
    });
  });

  test("black-hole: swallows, and the connection ends at the heal", async () => {
    using client = await LineClient.open(edge.listenPort);
    await client.ask("before");
    const fault = await inject("black-hole", { a: "a", b: "b", direction: "a-to-b" });
    client.send("gone");
    await sleep(QUIET_MS);
    expect(await fault.bites()).toBe(1);
    await fault.heal();
    expect(await client.end()).toBe("end");
    expect(echo.received).toEqual(["before"]);
    using again = await LineClient.open(edge.listenPort);
    expect(await again.ask("after")).toBe("after");
  });

  test("connection-refused: cuts what is open, refuses what is new", async () => {
    using client = await LineClient.open(edge.listenPort);
    await client.ask("before");
    const fault = await inject("connection-refused", { from: "a", to: "b" });
    expect(await client.end()).toBe("ECONNRESET");
    expect(await refused(LineClient.open(edge.listenPort))).toBe("ECONNREFUSED");
    expect(await fault.bites()).toBe(1);
    await fault.heal();
    await fault.heal();
    using again = await LineClient.open(edge.listenPort);
    expect(await again.ask("after")).toBe("after");
  });

  test("connection-reset: resets open and new connections at the next request", async () => {
    using client = await LineClient.open(edge.listenPort);
    await client.ask("before");
    const fault = await inject("connection-reset", { from: "a", to: "b" });
    using fresh = await LineClient.open(edge.listenPort);
    client.send("lost");
    fresh.send("lost too");
    expect([await client.end(), await fresh.end()]).toEqual(["ECONNRESET", "ECONNRESET"]);
    expect(await fault.bites()).toBe(2);
    await fault.heal();
    using again = await LineClient.open(edge.listenPort);
    expect(await again.ask("after")).toBe("after");
    expect(echo.received).toEqual(["before", "after"]);
  });

  test.each([
    { from: "a", to: "b" },
    { from: "b", to: "a" },
  ])("link-latency: from $from to $to", async (direction) => {
    using client = await LineClient.open(edge.listenPort);
    await client.ask("before");
    const fault = await inject("link-latency", { ...direction, addMs: 200 });
    const startedMs = performance.now();
    await client.ask("slow");
    expect(performance.now() - startedMs).toBeGreaterThan(190);
    expect(await fault.bites()).toBe(1);
    await fault.heal();
    const laterMs = performance.now();
    await client.ask("quick");
    expect(performance.now() - laterMs).toBeLessThan(190);
  });

  test("link-bandwidth: ten kilobytes at 50 a second take a fifth of a second", async () => {
    using client = await LineClient.open(edge.listenPort);
    const fault = await inject("link-bandwidth", { from: "a", to: "b", rateKBps: 50 });
    const startedMs = performance.now();
    await client.ask("x".repeat(10_000));
    expect(performance.now() - startedMs).toBeGreaterThan(180);
    expect(await fault.bites()).toBeGreaterThan(0);
    await fault.heal();
  });

  test("link-slicer: what is sent at once arrives in pieces", async () => {
    using client = await LineClient.open(edge.listenPort);
    const fault = await inject("link-slicer", { from: "a", to: "b", sizeBytes: 10, delayUs: 20_000 });
    await client.ask("x".repeat(60));
    expect(echo.pieces.length).toBeGreaterThan(3);
    expect(await fault.bites()).toBe(1);
    await fault.heal();
  });

  test("slow-close: the server learns late that the client is gone", async () => {
    const client = await LineClient.open(edge.listenPort);
    await client.ask("before");
    const fault = await inject("slow-close", { from: "a", to: "b", delayMs: 400 });
    client[Symbol.dispose]();
    await sleep(QUIET_MS);
    expect(echo.open).toBe(1);
    await echo.ended(1);
    expect(await fault.bites()).toBe(1);
    await fault.heal();
  });

  test("request-lost: the next requests are not executed, the one after is", async () => {
    using client = await LineClient.open(edge.listenPort);
    await client.ask("before");
    const fault = await inject("request-lost", { from: "a", to: "b", count: 1 });
    client.send("lost");
    expect(await client.end()).toBe("ECONNRESET");
    expect(await fault.bites()).toBe(1);
    using again = await LineClient.open(edge.listenPort);
    expect(await again.ask("after")).toBe("after");
    expect(echo.received).toEqual(["before", "after"]);
    await fault.heal();
  });

  test("answer-lost: the request was executed", async () => {
    using client = await LineClient.open(edge.listenPort);
    const fault = await inject("answer-lost", { from: "a", to: "b", count: 1 });
    client.send("executed");
    expect(await client.end()).toBe("ECONNRESET");
    expect(echo.received).toEqual(["executed"]);
    expect(await fault.bites()).toBe(1);
    await fault.heal();
  });

  test.each(["request", "answer"] as const)(
    "message-loss: a lost %s leaves the caller waiting",
    async (kind) => {
      using client = await LineClient.open(edge.listenPort);
      const fault = await inject("message-loss", { from: "a", to: "b", kind, count: 1 });
      client.send("one");
      await sleep(QUIET_MS);
      expect(client.waiting).toBe(0);
      expect(echo.received).toEqual(kind === "request" ? [] : ["one"]);
      using other = await LineClient.open(edge.listenPort);
      expect(await other.ask("two")).toBe("two");
      expect(await fault.bites()).toBe(1);
      await fault.heal();
      expect(await client.end()).toBe("ECONNRESET");
      expect(await other.ask("three")).toBe("three");
    },
  );

  test("message-duplication: the service handles the request twice, the caller gets one answer", async () => {
    const bodies: string[] = [];
    const http = createServer((request, response) => {
      let body = "";
      request.on("data", (piece) => {
        body += String(piece);
      });
      request.on("end", () => {
        bodies.push(`${request.method} ${request.url} ${body}`);
        response.end(`answer ${bodies.length}`);
      });
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const address = http.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const web = await network.open("a", "web", port, { protocol: "http" });
    const fault = await inject("message-duplication", { from: "a", to: "web", count: 1 });
    const url = `http://127.0.0.1:${web.listenPort}/orders`;
    const first = await fetch(url, { method: "POST", body: "x".repeat(5000) });
    expect(await first.text()).toMatch(/^answer [12]$/);
    while (bodies.length < 2) await sleep(5);
    expect(await (await fetch(url)).text()).toBe("answer 3");
    expect(bodies).toEqual([
      `POST /orders ${"x".repeat(5000)}`,
      `POST /orders ${"x".repeat(5000)}`,
      "GET /orders ",
    ]);
    expect(await fault.bites()).toBe(1);
    await fault.heal();
    http.closeAllConnections();
    http.close();
  });

  test("isolate-one: the pairs that have a connection are cut, a shape without any is refused", async () => {
    const fault = await inject("isolate-one", { node: "b", others: ["a", "nobody"] });
    using client = await LineClient.open(edge.listenPort);
    client.send("held");
    await sleep(QUIET_MS);
    expect(echo.received).toEqual([]);
    await fault.heal();
    expect(await client.next()).toBe("held");
    await expect(inject("isolate-one", { node: "nobody", others: ["a"] })).rejects.toMatchObject({
      code: "bad-plan",
    });
  });

  test("a harness that died: what its journal left open is healed, twice is harmless", async () => {
    await inject("link-partition", { a: "a", b: "b", direction: "both" });
    expect(await toxicsOf(toxiproxy.url)).toHaveLength(2);
    const tools = { toxiproxyUrl: toxiproxy.url, sql: async () => {} };
    const { healed, failed } = await healFromJournal(journalPath, tools);
    expect([healed.length, failed]).toEqual([2, []]);
    using client = await LineClient.open(edge.listenPort);
    expect(await client.ask("healed")).toBe("healed");
    expect((await healFromJournal(journalPath, tools)).failed).toEqual([]);
    expect(await toxicsOf(toxiproxy.url)).toEqual([]);
    // As the next start of the harness would find it.
    journalPath = join(folder, "faults-none.ndjson");
    journal = new FaultJournal(journalPath, () => 0);
  });

  test("proxies of a network that was closed are gone", async () => {
    await network.close();
    expect(Object.keys(await new Toxiproxy(toxiproxy.url).getAll())).toEqual([]);
  });
});
