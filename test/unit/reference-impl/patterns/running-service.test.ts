import { Hono } from "hono";
import { expect, test } from "vitest";
import { runningService } from "../../../../reference-impl/patterns/running-service.ts";

/** A service whose one request ends when the test says so; what was done to it, in order. */
function serviceOf() {
  const done: string[] = [];
  let answer = (): void => {};
  const app = new Hono();
  app.get("/slow", async (context) => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    done.push("answered");
    return context.text("ok");
  });
  app.get("/broken", () => {
    throw new Error("broken");
  });
  app.onError((_error, context) => context.text("no", 500));
  const service = runningService(app, {
    stopWork: async () => void done.push("work stopped"),
    closeClients: async () => void done.push("clients closed"),
  });
  const ask = (path: string) => service.fetch(new Request(`http://service${path}`));
  return { service, ask, done, answer: () => answer() };
}

test("a service that stops finishes what it has, takes nothing more, and then closes", async () => {
  const { service, ask, done, answer } = serviceOf();
  const slow = ask("/slow");
  const stopped = service.stop();
  expect((await ask("/slow")).status).toBe(503);
  expect(done).toEqual([]);
  answer();
  expect((await slow).status).toBe(200);
  await stopped;
  expect(done).toEqual(["answered", "work stopped", "clients closed"]);
});

test("stopping twice is harmless, and a request that failed holds nothing up", async () => {
  const { service, ask, done } = serviceOf();
  expect((await ask("/broken")).status).toBe(500);
  await Promise.all([service.stop(), service.stop()]);
  await service.stop();
  expect(done).toEqual(["work stopped", "clients closed"]);
});
