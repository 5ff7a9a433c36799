import { join } from "node:path";
import { askPort } from "./ask-port.ts";
import { cachedSource } from "./cache.ts";
import type { ComponentSearch, FoundComponent } from "./component.ts";
import { type ComponentEnvironment, pathVariables } from "./component-environment.ts";
import { findOnPath, isProgram } from "./find-program.ts";
import { pinnedVersions } from "./pinned-versions.ts";
import { runProgram, versionIn } from "./run-program.ts";
import type { RunningServer } from "./running-server.ts";
import type { ServerSite } from "./server-site.ts";
import { startServer } from "./start-server.ts";

const VERSION_TIMEOUT_MS = 10_000;

/** The folder below the cache folder that holds Toxiproxy. */
export const toxiproxyFolder: string = join("toxiproxy", pinnedVersions.toxiproxy);

/** Looks for Toxiproxy: the configured program, the PATH, the cache. */
export async function findToxiproxy(environment: ComponentEnvironment): Promise<ComponentSearch> {
  const { configured, env, cacheFolder } = environment;
  const found = (path: string, version: string, source: FoundComponent["source"]): ComponentSearch => ({
    found: true,
    kind: "toxiproxy",
    label: "Toxiproxy",
    version,
    source,
    path,
    standIn: false,
  });
  const missing = (why: string): ComponentSearch => ({
    found: false,
    kind: "toxiproxy",
    label: "Toxiproxy",
    why,
    command: "faultline setup --component toxiproxy",
  });
  const given = configured.toxiproxy ?? findOnPath(["toxiproxy-server"], env);
  if (given !== null) {
    if (!isProgram(given))
      return missing(`${pathVariables.toxiproxy} names ${given}, which cannot be executed.`);
    const { code, output } = await runProgram(given, ["-version"], { timeoutMs: VERSION_TIMEOUT_MS, env });
    if (code !== 0) return missing(`${given} -version failed: ${output.trim()}`);
    return found(given, versionIn(output), configured.toxiproxy === undefined ? "PATH" : "configured path");
  }
  const folder = join(cacheFolder, toxiproxyFolder);
  const path = join(folder, "toxiproxy-server");
  if (isProgram(path)) return found(path, pinnedVersions.toxiproxy, cachedSource(folder));
  return missing(`toxiproxy-server is neither on the PATH nor in ${cacheFolder}.`);
}

/**
 * Starts Toxiproxy, without proxies; `url` is its HTTP interface. It counts bytes per proxy (`/metrics`).
 * A restart has forgotten all proxies.
 */
export function startToxiproxy(
  component: FoundComponent,
  site: ServerSite,
  options: { readonly port?: number } = {},
): Promise<RunningServer> {
  return startServer(
    component,
    site,
    (port, folder) => ({
      url: `http://127.0.0.1:${port}`,
      process: {
        command: component.path,
        args: ["-host", "127.0.0.1", "-port", String(port), "-proxy-metrics"],
        cwd: folder,
      },
      isReady: async () => {
        const answer = await askPort(port, "GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        return answer.startsWith("HTTP/1.1 200");
      },
    }),
    options.port,
  );
}
