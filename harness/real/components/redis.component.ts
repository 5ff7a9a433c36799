import { askPort } from "./ask-port.ts";
import type { ComponentSearch, FoundComponent } from "./component.ts";
import { type ComponentEnvironment, pathVariables } from "./component-environment.ts";
import { findOnPath, isProgram } from "./find-program.ts";
import { installCommand } from "./install-command.ts";
import { runProgram, versionIn } from "./run-program.ts";
import type { RunningServer } from "./running-server.ts";
import type { ServerSite } from "./server-site.ts";
import { startServer } from "./start-server.ts";

const VERSION_TIMEOUT_MS = 10_000;

/** Looks for Redis, or Valkey, which speaks the same protocol: the configured program, then the PATH. */
export async function findRedis(environment: ComponentEnvironment): Promise<ComponentSearch> {
  const { configured, env } = environment;
  const command =
    installCommand({ apt: "redis-server", dnf: "redis", apk: "redis", brew: "redis" }, environment) ??
    `${pathVariables.redis}=<path of redis-server> faultline setup`;
  const missing = (why: string): ComponentSearch => ({
    found: false,
    kind: "redis",
    label: "Redis",
    why,
    command,
  });
  if (configured.redis !== undefined && !isProgram(configured.redis)) {
    return missing(`${pathVariables.redis} names ${configured.redis}, which cannot be executed.`);
  }
  const path = configured.redis ?? findOnPath(["redis-server", "valkey-server"], env);
  if (path === null) return missing("Neither redis-server nor valkey-server is on the PATH.");
  const { code, output } = await runProgram(path, ["--version"], { timeoutMs: VERSION_TIMEOUT_MS, env });
  if (code !== 0) return missing(`${path} --version failed: ${output.trim()}`);
  return {
    found: true,
    kind: "redis",
    label: /valkey/i.test(output) ? "Valkey" : "Redis",
    version: versionIn(output.replace(/^.*?v=/s, "")),
    source: configured.redis === undefined ? "PATH" : "configured path",
    path,
    standIn: false,
  };
}

/**
 * Starts Redis. Every write is in the append-only file before it is acknowledged, but not forced to the
 * disk (`appendfsync no`): a killed process loses nothing of it, since the system keeps what was written,
 * and no fault here takes the power away. `everysec` would be weaker: it may hold a write back for seconds.
 */
export function startRedis(
  component: FoundComponent,
  site: ServerSite,
  options: { readonly port?: number } = {},
): Promise<RunningServer> {
  return startServer(
    component,
    site,
    (port, folder) => ({
      url: `redis://127.0.0.1:${port}/0`,
      process: { command: component.path, args: redisArguments(port, folder), cwd: folder },
      // While it reads its file it answers LOADING.
      isReady: async () => (await askPort(port, "PING\r\n")).startsWith("+PONG"),
    }),
    options.port,
  );
}

function redisArguments(port: number, folder: string): string[] {
  const settings = {
    port: String(port),
    bind: "127.0.0.1",
    dir: folder,
    daemonize: "no",
    save: "",
    appendonly: "yes",
    appendfsync: "no",
    // Rewriting the file forks: not within a run of a few minutes.
    "auto-aof-rewrite-percentage": "0",
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}
