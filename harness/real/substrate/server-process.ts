import type { RealProcess } from "../../faults/real-fault-port.ts";
import type { StoreServer } from "./store-servers.ts";

/** A store's server as faults see it: its data stay when it is killed and started again. */
export function serverProcess(server: StoreServer): RealProcess {
  return {
    isUp: () => server.running,
    kill: () => server.kill("SIGKILL"),
    pause: () => server.kill("SIGSTOP"),
    resume: () => server.kill("SIGCONT"),
    stopGracefully: () => server.stop(),
    start: async () => {
      if (!server.running) await server.restart();
    },
  };
}
