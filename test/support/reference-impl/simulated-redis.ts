import type { ServiceContext } from "../../../harness/run/system.ts";
import { serviceApp } from "../../../reference-impl/patterns/service-app.ts";
import { type SimulatedSystem, simulate } from "../../unit/reference-impl/simulated-system.ts";

/** A process with nothing but a Redis server, on virtual time. */
export interface SimulatedRedis extends SimulatedSystem {
  readonly context: ServiceContext;
  /** A client that is not connected yet. */
  open(): ReturnType<ServiceContext["redis"]>;
  /**
   * The next answer of the server is lost, and with it the connection; what was asked for has been done. Answers how
   * many were lost so far.
   */
  loseNextAnswer(): () => number;
}

/** The nodes of such a test. */
export const redisNodes = { service: "service", store: "redis" } as const;

/** Runs a test on a service with a Redis server. */
export async function withRedis<Result>(
  test: (simulated: SimulatedRedis) => Promise<Result>,
): Promise<Result> {
  const contexts: ServiceContext[] = [];
  const { service, store } = redisNodes;
  return await simulate(
    {
      stores: [{ name: store, kind: "redis" }],
      services: [
        {
          name: service,
          stores: [store],
          start: (context) => {
            contexts.push(context);
            return serviceApp();
          },
        },
      ],
    },
    async (simulated) => {
      const [context] = contexts;
      if (context === undefined) throw new Error("the service did not start");
      return await test({
        ...simulated,
        context,
        open: () => context.redis(store),
        loseNextAnswer: () => {
          let lost = 0;
          const heal = simulated.simulation.port.intercept(store, service, () => {
            if (lost > 0) return null;
            lost++;
            heal();
            return "reset";
          });
          return () => lost;
        },
      });
    },
  );
}
