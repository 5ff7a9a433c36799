import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Removes the small System V segment of a PostgreSQL server that was killed; a later start on the same
 * data directory would do that too. Its number stands in the line 7 of `postmaster.pid`, which a server
 * that stops in order removes. The server must be dead. Never throws.
 */
export function removePostgresSharedMemory(dataFolder: string): void {
  let text: string;
  try {
    text = readFileSync(join(dataFolder, "postmaster.pid"), "utf8");
  } catch {
    return;
  }
  const [, id = ""] = (text.split("\n")[6] ?? "").trim().split(/\s+/);
  if (/^\d+$/.test(id)) spawnSync("ipcrm", ["-m", id], { stdio: "ignore" });
}
