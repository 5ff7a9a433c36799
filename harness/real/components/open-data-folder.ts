import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Reaper } from "../processes/reaper.ts";

/** Makes a temporary folder for the data of servers; the reaper removes it. Throws `reaper-gone`. */
export function openDataFolder(reaper: Reaper): string {
  const folder = mkdtempSync(join(tmpdir(), "faultline-data-"));
  // mkdtemp makes it for its owner only; a PostgreSQL server started by root runs as another user.
  chmodSync(folder, 0o711);
  reaper.addFolder(folder);
  return folder;
}
