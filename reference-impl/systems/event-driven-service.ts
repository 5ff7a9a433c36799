import type { Hono } from "hono";
import type { HttpService, ServiceContext, ServiceDefinition } from "../../harness/run/system.ts";
import type { EventBus } from "../patterns/event-bus.ts";
import type { EventDrivenNeeds } from "../patterns/event-driven.ts";
import { KafkaEventBus } from "../patterns/kafka-event-bus.ts";
import { RedisEventBus } from "../patterns/redis-event-bus.ts";
import { runningService } from "../patterns/running-service.ts";
import { type LedgerNeeds, poolLimits } from "../service-needs.ts";

/** The bus of a system, by the name of its store. */
export type BusStore =
  | { readonly kind: "kafka"; readonly name: string }
  | { readonly kind: "redis"; readonly name: string };

/** A service with a database of its own that announces or consumes. */
export interface EventDrivenService<Tables> {
  readonly name: string;
  readonly store: string;
  readonly bus: BusStore;
  /** Starts its parts: the application, and what ends them. */
  start(needs: EventDrivenNeeds<Tables> & LedgerNeeds): { readonly app: Hono; stop(): Promise<void> };
}

/** Defines such a service. */
export function eventDrivenService<Tables>(service: EventDrivenService<Tables>): ServiceDefinition {
  const { name, store, bus } = service;
  return {
    name,
    stores: [store, bus.name],
    start: (context: ServiceContext): HttpService => {
      const database = context.postgres<Tables>(store, poolLimits);
      const { app, stop } = service.start({
        clock: context.clock,
        random: context.random,
        newId: context.newId,
        nowUs: () => Math.floor(context.clock.monotonicNs() / 1000),
        database,
        bus: busOf(context, bus),
      });
      return runningService(app, { stopWork: stop, closeClients: () => database.destroy() });
    },
  };
}

function busOf(context: ServiceContext, { kind, name }: BusStore): EventBus {
  const { clock } = context;
  if (kind === "kafka") return new KafkaEventBus({ broker: context.kafka(name), clock });
  return new RedisEventBus({ openRedis: () => context.redis(name), member: context.name, clock });
}
