import { existsSync } from "node:fs";
import { join } from "node:path";
import { FaultlineError } from "../../faultline-error.ts";
import { keepInCache } from "./cache.ts";
import type { FoundComponent, JavaRuntime } from "./component.ts";
import { copyFolder } from "./copy-folder.ts";
import { runProgram } from "./run-program.ts";

const TIMEOUT_MS = 60_000;
/** The id of every cluster. Any 22 characters of base64 will do: a cluster of one node that nothing else joins. */
export const CLUSTER_ID = "ZmF1bHRsaW5lLWthZmthMQ";

/**
 * Makes `log` in a broker's folder, empty as Kafka's own tool makes it. It knows no ports, so the first one
 * is kept beside Kafka's jars in the cache and copied: the tool takes half a second. Throws `component-failed`.
 */
export async function makeKafkaLog(
  { path, source }: FoundComponent,
  java: JavaRuntime,
  javaFlags: readonly string[],
  settings: string,
  folder: string,
): Promise<void> {
  const kept = join(path, "empty-log");
  const log = join(folder, "log");
  if (existsSync(kept)) return copyFolder(join(kept, "log"), log);
  const tool = ["-cp", `${join(path, "libs")}/*`, "kafka.tools.StorageTool"];
  const { code, output } = await runProgram(
    java.path,
    [...javaFlags, ...tool, "format", "-t", CLUSTER_ID, "-c", settings],
    { timeoutMs: TIMEOUT_MS, cwd: folder },
  );
  if (code !== 0) {
    throw new FaultlineError(
      "harness",
      "component-failed",
      `Kafka's log directory could not be made:\n${output.trim().split("\n").slice(-20).join("\n")}`,
      "`faultline doctor` tries each component on its own.",
    );
  }
  // A folder that the user configured is not written to.
  if (source === "configured path") return;
  await keepInCache(kept, source, async (temporary) => {
    await copyFolder(log, join(temporary, "log"));
    return { ok: true };
  });
}
