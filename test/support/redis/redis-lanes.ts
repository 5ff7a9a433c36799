import { createClient } from "redis";
import type { RedisClient } from "../../../harness/run/store-clients.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";
import { RedisWorld } from "./redis-world.ts";
import type { RedisLane } from "./run-calls.ts";

/** A fresh model server with two clients. */
export async function modelRedisLane(
  seed: number,
): Promise<RedisLane & { readonly refusals: readonly Error[] }> {
  const world = new RedisWorld(seed);
  const process = world.process("service", 0);
  const clients = [await process.connected(), await process.connected()] as const;
  return {
    clients,
    refusals: world.server.refusals,
    finish: (work) => world.finish(work),
    pass: (ms) => world.pass(ms),
    untilWaiting: () => world.pass(2),
  };
}

/** Two clients of a real server, and a third one to empty it. */
export interface RealRedisLane extends RedisLane, AsyncDisposable {
  empty(): Promise<void>;
}

/** Connects to a real server. */
export async function realRedisLane(url: string): Promise<RealRedisLane> {
  const clock = systemClock();
  const open = () => createClient({ url, disableOfflineQueue: true }).on("error", () => {});
  const raw = [open(), open(), open()] as const;
  for (const client of raw) await client.connect();
  const [first, second, control] = raw;
  return {
    clients: [first as unknown as RedisClient, second as unknown as RedisClient],
    finish: (work) => work,
    pass: (ms) => clock.sleep(ms),
    untilWaiting: async (work) => {
      let settled = false;
      void work.then(() => {
        settled = true;
      });
      for (;;) {
        const info = String(await control.sendCommand(["INFO", "clients"]));
        if (settled || /blocked_clients:[1-9]/.test(info)) return;
      }
    },
    empty: async () => {
      await control.sendCommand(["FLUSHALL"]);
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of raw) client.destroy();
    },
  };
}
