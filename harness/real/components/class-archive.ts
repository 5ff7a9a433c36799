import { existsSync, renameSync, rmSync } from "node:fs";
import type { FoundComponent } from "./component.ts";
import { archivePath } from "./java.ts";
import type { RunningServer } from "./running-server.ts";

/**
 * Makes the archive of loaded classes (AppCDS) of a Java component, once per Java: starts the server with
 * Java's flag for it, lets `exercise` use it, and stops it in order, which writes the archive. Starts are
 * quicker with it, and work without. False when none came of it.
 */
export async function makeClassArchive(
  { java, path }: FoundComponent,
  start: (javaFlags: readonly string[]) => Promise<RunningServer>,
  exercise: (server: RunningServer) => Promise<void>,
): Promise<boolean> {
  if (java === undefined) return false;
  const archive = archivePath(path, java);
  if (existsSync(archive)) return true;
  // Renamed when complete: another start may look for it at any time.
  const temporary = `${archive}.${process.pid}`;
  try {
    await using server = await start([`-XX:ArchiveClassesAtExit=${temporary}`]);
    await exercise(server);
    await server.stop();
    if (!existsSync(temporary)) return false;
    renameSync(temporary, archive);
    return true;
  } finally {
    rmSync(temporary, { force: true });
  }
}
