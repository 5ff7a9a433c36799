import type { Clock } from "../../time/clock.ts";
import type { PortSource } from "../processes/port-source.ts";
import type { Reaper } from "../processes/reaper.ts";

/** Where a server is started, and with what. */
export interface ServerSite {
  /** What it is called in logs and errors; it may be there once per site: "user-db". */
  readonly name: string;
  /** Its log is `<name>.log` in this folder. */
  readonly logFolder: string;
  /**
   * A temporary folder; its data lie in `<name>` below. Any user must be able to pass through it (PostgreSQL
   * does not run as root), and the reaper knows it. See `openDataFolder`.
   */
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly ports: PortSource;
  readonly reaper: Reaper;
}
