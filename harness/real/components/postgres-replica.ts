import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FoundComponent } from "./component.ts";
import { copyFolder } from "./copy-folder.ts";
import { type RunningPostgres, startPostgresOn } from "./postgres.component.ts";
import { runSql } from "./postgres-sql.ts";
import type { ServerSite } from "./server-site.ts";

/** A streaming standby: it can be read, and shows what the primary has committed a little later. */
export interface RunningPostgresReplica extends RunningPostgres {
  /** It goes on receiving, and shows nothing new. */
  pauseReplay(): Promise<void>;
  resumeReplay(): Promise<void>;
  /** It shows commits no earlier than so long after they were made; 0 ends that. */
  delayReplay(delayMs: number): Promise<void>;
}

/** How a standby is started. */
export interface ReplicaOptions {
  readonly port?: number;
  readonly settings?: Readonly<Record<string, string>>;
  /** The port on 127.0.0.1 at which it finds its primary: a proxy's, where the way between them is to be broken. */
  readonly primaryPort?: number;
}

/**
 * Starts a standby of a primary: stops the primary in order, copies its data, starts both. Connections to
 * the primary are lost by that: do it before any service starts.
 */
export async function startPostgresReplica(
  component: FoundComponent,
  primary: RunningPostgres,
  site: ServerSite,
  options: ReplicaOptions = {},
): Promise<RunningPostgresReplica> {
  const primaryPort = options.primaryPort ?? primary.port;
  const server = await startPostgresOn(component, site, options, async (data) => {
    await primary.stop();
    try {
      await copyFolder(primary.dataFolder, data);
    } finally {
      // Also when there is no standby in the end: the primary was running before.
      await primary.restart();
    }
    rmSync(join(data, "postmaster.pid"), { force: true });
    writeFileSync(join(data, "standby.signal"), "");
    const source = `host=127.0.0.1 port=${primaryPort} user=postgres application_name=standby`;
    appendFileSync(join(data, "postgresql.auto.conf"), `primary_conninfo = '${source}'\n`);
    // A lost connection to the primary is tried again soon after it has healed.
    appendFileSync(join(data, "postgresql.auto.conf"), "wal_retrieve_retry_interval = '100ms'\n");
  });
  const sql = async (...statements: readonly string[]): Promise<void> => {
    await runSql(server.urlOf("postgres"), ...statements);
  };
  return Object.assign(server, {
    pauseReplay: () => sql("SELECT pg_wal_replay_pause()"),
    resumeReplay: () => sql("SELECT pg_wal_replay_resume()"),
    delayReplay: (delayMs: number) =>
      sql(
        `ALTER SYSTEM SET recovery_min_apply_delay = '${Math.max(0, Math.round(delayMs))}ms'`,
        "SELECT pg_reload_conf()",
      ),
  });
}
