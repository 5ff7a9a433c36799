import type { StoreServer } from "./store-servers.ts";

/** A server that the run before left killed or paused goes on. */
export async function revived<Server extends StoreServer>(server: Server): Promise<Server> {
  if (server.running) await server.kill("SIGCONT");
  else await server.restart();
  return server;
}
