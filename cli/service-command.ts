import { fileURLToPath } from "node:url";
import type { ServiceCommand } from "../harness/real/run/real-system.ts";

/**
 * How the process of a service is started: with this Node, on the same scenarios as the harness.
 * `cacheFolder` keeps compiled code from one start to the next.
 */
export function serviceCommand(
  scenario: string,
  form: string,
  service: string,
  configPath: string | null,
  cacheFolder: string,
): ServiceCommand {
  const entry = import.meta.url.endsWith(".ts") ? "./service-process.ts" : "./service-process.js";
  const path = fileURLToPath(new URL(entry, import.meta.url));
  return {
    command: process.execPath,
    args: [path, scenario, form, service, ...(configPath === null ? [] : [configPath])],
    env: { NODE_COMPILE_CACHE: cacheFolder, NODE_NO_WARNINGS: "1" },
  };
}
