import { Hono } from "hono";
import { expect, test } from "vitest";
import { randomStream } from "../../../harness/random/random-stream.ts";
import type { HttpService, ServiceFetch } from "../../../harness/run/system.ts";
import { Network } from "../../../harness/sim/network.ts";
import { type DrainMode, Scheduler } from "../../../harness/sim/scheduler.ts";
import type { Owner } from "../../../harness/sim/sim-event.ts";
import { createSimFetch } from "../../../harness/sim/sim-fetch.ts";
import { SimProcess } from "../../../harness/sim/sim-process.ts";
import { virtualClock } from "../../../harness/sim/virtual-clock.ts";

const LIMITS = { events: 1e5, timeNs: 1e12 };

function world(makeService: () => HttpService, drain: DrainMode = "tick") {
  const root: Owner = { name: "root", alive: true };
  const scheduler = new Scheduler(randomStream(3, "ranks"), root, drain);
  const network = new Network(scheduler, () => 1e6);
  const process = new SimProcess("shop", scheduler, root, makeService);
  const processes = new Map([["shop", process]]);
  const fetch = createSimFetch({ scheduler, network, processes, root }, "client", root);
  return { scheduler, network, process, fetch, clock: virtualClock(scheduler) };
}

async function outcome(scheduler: Scheduler, call: () => Promise<Response>): Promise<string> {
  let end: string | null = null;
  const describe = async () => {
    try {
      const response = await call();
      end = `${response.status} ${await response.text()}`;
    } catch (error) {
      const { name, cause } = error as Error & { cause?: { code: string } };
      end = `${name} ${cause?.code ?? ""}`.trim();
    }
  };
  scheduler.schedule(0, "call", () => void describe());
  await scheduler.drive(() => end !== null, LIMITS);
  return end ?? "pending";
}

function shop(): Hono {
  const app = new Hono();
  app.onError((_error, c) => c.text("Internal Server Error", 500));
  app.get("/ping", (c) => c.text("pong"));
  app.post("/echo", async (c) => c.json({ got: await c.req.json(), key: c.req.header("x-key") }, 201));
  app.get("/slow", () => new Promise<Response>(() => {}));
  app.get("/bad", () => {
    throw new Error("bug");
  });
  return app;
}

const get =
  (fetch: ServiceFetch, path: string, init?: RequestInit): (() => Promise<Response>) =>
  () =>
    fetch(`http://shop${path}`, init);

test.each(["tick", "immediate"] as const)(
  "carries requests to a Hono application and back (%s)",
  async (drain) => {
    const { scheduler, process, fetch } = world(shop, drain);
    void process.start();
    expect(await outcome(scheduler, get(fetch, "/ping"))).toBe("200 pong");
    const init = {
      method: "POST",
      body: '{"a":1}',
      headers: { "x-key": "k", "content-type": "application/json" },
    };
    expect(await outcome(scheduler, get(fetch, "/echo", init))).toBe('201 {"got":{"a":1},"key":"k"}');
    expect(await outcome(scheduler, get(fetch, "/nowhere"))).toBe("404 404 Not Found");
    expect(await outcome(scheduler, get(fetch, "/bad"))).toBe("500 Internal Server Error");
  },
);

test("a process that is down refuses, one that dies resets, an unknown host is not found", async () => {
  const { scheduler, process, fetch } = world(shop);
  expect(await outcome(scheduler, get(fetch, "/ping"))).toBe("TypeError ECONNREFUSED");
  void process.start();
  expect(await outcome(scheduler, get(fetch, "/ping"))).toBe("200 pong");
  const waiting = outcome(scheduler, get(fetch, "/slow"));
  scheduler.schedule(5e6, "crash", () => process.crash());
  expect(await waiting).toBe("TypeError ECONNRESET");
  expect(await outcome(scheduler, () => fetch("http://nobody/"))).toBe("TypeError ENOTFOUND");
});

test("an aborted signal rejects, before or during the call", async () => {
  const { scheduler, process, fetch, clock } = world(shop);
  void process.start();
  await outcome(scheduler, get(fetch, "/ping"));
  const before = scheduler.now;
  const withTimeout = () => fetch("http://shop/slow", { signal: clock.timeoutSignal(50) });
  expect(await outcome(scheduler, withTimeout)).toBe("TimeoutError");
  expect(scheduler.now - before).toBe(50e6);
  const aborted = () => fetch("http://shop/ping", { signal: AbortSignal.abort() });
  expect(await outcome(scheduler, aborted)).toBe("AbortError");
});

test("a duplicated request is handled twice and answered once", async () => {
  let handled = 0;
  const { scheduler, network, process, fetch } = world(() => ({
    fetch: () => {
      handled++;
      return new Response(`answer ${handled}`);
    },
  }));
  void process.start();
  network.intercept("client", "shop", () => "duplicate");
  expect(await outcome(scheduler, get(fetch, "/"))).toBe("200 answer 1");
  await scheduler.drive(() => false, LIMITS);
  expect(handled).toBe(2);
});

test("of a duplicated request, no copy is handled once the caller was refused", async () => {
  let handled = 0;
  const service = { fetch: () => new Response(`answer ${++handled}`) };
  const { scheduler, network, process, fetch } = world(() => service);
  let copies = 0;
  network.intercept("client", "shop", () => {
    copies++;
    return copies === 1 ? "duplicate" : null;
  });
  // The process comes up between the first copy, which takes 1 ms, and the second, 1 ns later.
  scheduler.schedule(1e6, "start", () => void process.start());
  expect(await outcome(scheduler, get(fetch, "/"))).toBe("TypeError ECONNREFUSED");
  await scheduler.drive(() => false, LIMITS);
  expect(handled).toBe(0);
});

test("a request whose connection is reset was not handled, one whose answer is lost was", async () => {
  let handled = 0;
  const { scheduler, network, process, fetch } = world(() => ({
    fetch: () => {
      handled++;
      return new Response("done");
    },
  }));
  void process.start();
  const heal = network.intercept("client", "shop", () => "reset");
  expect(await outcome(scheduler, get(fetch, "/"))).toBe("TypeError ECONNRESET");
  expect(handled).toBe(0);
  heal();
  network.intercept("shop", "client", () => "reset");
  expect(await outcome(scheduler, get(fetch, "/"))).toBe("TypeError ECONNRESET");
  expect(handled).toBe(1);
});

test("a crash forgets memory: a new life starts anew, and what the old one waited for never settles", async () => {
  let lives = 0;
  let settled = 0;
  const { scheduler, process, fetch, clock } = world(() => {
    lives++;
    const life = lives;
    return {
      fetch: async () => {
        await clock.sleep(10);
        settled++;
        return new Response(`life ${life}`);
      },
    };
  });
  void process.start();
  const first = outcome(scheduler, get(fetch, "/"));
  scheduler.schedule(3e6, "crash", () => process.crash());
  expect(await first).toBe("TypeError ECONNRESET");
  void process.start();
  expect(await outcome(scheduler, get(fetch, "/"))).toBe("200 life 2");
  expect(settled).toBe(1);
});

test("a process whose start fails is started again until it works", async () => {
  let attempts = 0;
  const { scheduler, process, fetch } = world(() => {
    attempts++;
    if (attempts < 3) throw new Error("store away");
    return { fetch: () => new Response("up") };
  });
  void process.start();
  expect(await outcome(scheduler, get(fetch, "/"))).toBe("TypeError ECONNREFUSED");
  await scheduler.drive(() => false, LIMITS);
  expect(await outcome(scheduler, get(fetch, "/"))).toBe("200 up");
  expect(attempts).toBe(3);
});
