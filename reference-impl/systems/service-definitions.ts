import type { Hono } from "hono";
import type { HttpService, ServiceContext, ServiceDefinition } from "../../harness/run/system.ts";
import type { DocumentDatabase } from "../document-database.ts";
import type { LogBroker } from "../log-broker.ts";
import type { EventBus } from "../patterns/event-bus.ts";
import type { EventDrivenNeeds } from "../patterns/event-driven.ts";
import type { OutgoingMessage } from "../patterns/event-message.ts";
import { KafkaEventBus } from "../patterns/kafka-event-bus.ts";
import { RedisEventBus } from "../patterns/redis-event-bus.ts";
import { type RunningService, runningService } from "../patterns/running-service.ts";
import { type LedgerNeeds, poolLimits, type ServiceNeeds } from "../service-needs.ts";
import { recordCommitted, recordingBus } from "./message-records.ts";

type Started = HttpService | Promise<HttpService>;

/** The bus of a system, by the name of its store. */
export type BusStore =
  | { readonly kind: "kafka"; readonly name: string }
  | { readonly kind: "redis"; readonly name: string };

/** What every service is given: time, chance, ids. */
export interface BasicNeeds extends Omit<ServiceNeeds<never>, "database">, LedgerNeeds {}

/** What a service is given that has a PostgreSQL database of its own. */
export type DatabaseNeeds<Tables> = ServiceNeeds<Tables> & LedgerNeeds;

/** What a service is given that has a MongoDB database of its own. */
export interface DocumentNeeds extends BasicNeeds {
  readonly database: DocumentDatabase;
}

/** The same for one that announces or consumes on Kafka. */
export interface AnnouncedDocumentNeeds extends DocumentNeeds {
  readonly broker: LogBroker;
  readonly bus: EventBus;
}

/** The application of a service that announces or consumes, and what ends its own work. */
export interface StartedParts {
  readonly app: Hono;
  stop(): Promise<void>;
}

/** Starts such a service, or its parts, which are then run together. */
export type StartParts<Tables> = (
  needs: EventDrivenNeeds<Tables> & LedgerNeeds,
  context: ServiceContext,
) => StartedParts | RunningService;

/** The time, the chance and the ids of a service's context. */
export function basicNeeds({ clock, random, newId }: ServiceContext): BasicNeeds {
  return { clock, random, newId, nowUs: () => Math.floor(clock.monotonicNs() / 1000) };
}

/** The same with a pool on one of its PostgreSQL stores. */
export function databaseNeeds<Tables>(
  context: ServiceContext,
  store: string,
  pool: Parameters<ServiceContext["postgres"]>[1] = poolLimits,
): DatabaseNeeds<Tables> {
  return { ...basicNeeds(context), database: context.postgres<Tables>(store, pool) };
}

/** What a service needs besides that calls others and tells what it saw. */
export function callerNeeds({
  name,
  clock,
  fetch,
  record,
}: ServiceContext): Pick<ServiceContext, "name" | "clock" | "fetch" | "record"> {
  return { name, clock, fetch, record };
}

/** A service with a PostgreSQL database of its own, which may call others. */
export function databaseService<Tables>(
  name: string,
  store: string,
  start: (needs: DatabaseNeeds<Tables>, context: ServiceContext) => Started,
  calls?: readonly string[],
): ServiceDefinition {
  return {
    name,
    stores: [store],
    ...(calls === undefined ? {} : { calls }),
    start: (context) => start(databaseNeeds<Tables>(context, store), context),
  };
}

/** A service with a PostgreSQL database of its own that announces or consumes. */
export function eventDrivenService<Tables>(
  name: string,
  store: string,
  bus: BusStore,
  start: StartParts<Tables>,
): ServiceDefinition {
  return {
    name,
    stores: [store, bus.name],
    start: (context) => {
      const committed = ({ message }: OutgoingMessage) => recordCommitted(context, message);
      const needs = { ...databaseNeeds<Tables>(context, store), bus: busOf(context, bus), committed };
      const started = start(needs, context);
      if (!("app" in started)) return started;
      const { app, stop } = started;
      return runningService(app, { stopWork: stop, closeClients: () => needs.database.destroy() });
    },
  };
}

/** A service with a MongoDB database of its own. */
export function documentService(
  name: string,
  store: string,
  start: (needs: DocumentNeeds, context: ServiceContext) => Started,
): ServiceDefinition {
  return {
    name,
    stores: [store],
    start: (context) => start({ ...basicNeeds(context), database: context.mongodb(store) }, context),
  };
}

/** A service with a MongoDB database of its own that announces or consumes on Kafka. */
export function announcedDocumentService(
  name: string,
  store: string,
  kafka: string,
  start: (needs: AnnouncedDocumentNeeds, context: ServiceContext) => Started,
): ServiceDefinition {
  return {
    name,
    stores: [store, kafka],
    start: (context) => {
      const { clock } = context;
      const broker = context.kafka(kafka);
      const bus = recordingBus(new KafkaEventBus({ broker, clock }), context);
      return start({ ...basicNeeds(context), database: context.mongodb(store), broker, bus }, context);
    },
  };
}

/** A client of a system's bus, which records what is published and consumed. */
export function busOf(context: ServiceContext, { kind, name }: BusStore): EventBus {
  const { clock } = context;
  const bus =
    kind === "kafka"
      ? new KafkaEventBus({ broker: context.kafka(name), clock })
      : new RedisEventBus({ openRedis: () => context.redis(name), member: context.name, clock });
  return recordingBus(bus, context);
}
