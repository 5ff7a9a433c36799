import type { ServiceDefinition, SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import { RedisConnection } from "../patterns/redis-connection.ts";
import type { RunningService } from "../patterns/running-service.ts";
import type { ReportWriterNeeds } from "../services/report-writer/report-leases.ts";
import { createReportTables, type ReportTables } from "../services/report-writer/report-tables.ts";
import { reportWriterService } from "../services/report-writer/report-writer.service.ts";
import {
  hardenedReportWriterMechanisms,
  type ReportWriterMechanisms,
} from "../services/report-writer/report-writer-mechanisms.ts";
import { textbookReportWriterService } from "../textbook/report-writer.textbook.ts";
import { databaseNeeds } from "./service-definitions.ts";
import { postgresStore, redisStore } from "./store-definitions.ts";

/** The nodes of the system of report writers: two processes, the lock server and the store of the reports. */
export const reportWriterNodes = {
  workers: ["worker-a", "worker-b"],
  locks: "redis",
  store: "report-db",
} as const;

const nodes = reportWriterNodes;

/** Two report writers that share a lock server, in the hardened form or with one mechanism replaced by a defect. */
export function reportWriterSystem(defect?: Defect<ReportWriterMechanisms>): SystemDefinition {
  return twoWriters((needs) =>
    reportWriterService(needs, { ...hardenedReportWriterMechanisms(), ...defect?.replacement() }),
  );
}

/** The same with a lock without fencing. */
export function textbookReportWriterSystem(): SystemDefinition {
  return twoWriters(textbookReportWriterService);
}

function twoWriters(start: (needs: ReportWriterNeeds) => RunningService): SystemDefinition {
  return {
    stores: [postgresStore(nodes.store, createReportTables), redisStore(nodes.locks)],
    services: nodes.workers.map(
      (name): ServiceDefinition => ({
        name,
        stores: [nodes.store, nodes.locks],
        start: (context) =>
          start({
            ...databaseNeeds<ReportTables>(context, nodes.store),
            redis: new RedisConnection({ openRedis: () => context.redis(nodes.locks), clock: context.clock }),
          }),
      }),
    ),
  };
}
