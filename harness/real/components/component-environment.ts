import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { ComponentKind } from "./component.ts";

/** What can be configured by path: a component, or the Java runtime of those that need one. */
export type ConfigurableProgram = Exclude<ComponentKind, "postgres"> | "java";

/** The variable that names the path of each. */
export const pathVariables: Readonly<Record<ConfigurableProgram, string>> = {
  toxiproxy: "FAULTLINE_TOXIPROXY",
  kafka: "FAULTLINE_KAFKA",
  mongodb: "FAULTLINE_MONGOD",
  redis: "FAULTLINE_REDIS",
  java: "FAULTLINE_JAVA",
};

/** Where components are looked for and kept. */
export interface ComponentEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** As Node calls it: "x64", "arm64". */
  readonly arch: string;
  readonly cacheFolder: string;
  /** Paths that the user named. One that is not there is an error, never passed over. */
  readonly configured: Readonly<Partial<Record<ConfigurableProgram, string>>>;
}

/** Reads the environment of a machine. `configured` wins over the variables of {@link pathVariables}. */
export function componentEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  configured: Readonly<Partial<Record<ConfigurableProgram, string>>> = {},
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): ComponentEnvironment {
  const fromVariables = Object.entries(pathVariables).flatMap(([program, variable]) => {
    const path = env[variable];
    return path === undefined || path === "" ? [] : [[program, path] as const];
  });
  return {
    env,
    platform,
    arch,
    cacheFolder: cacheFolderOf(env, platform),
    configured: { ...Object.fromEntries(fromVariables), ...configured },
  };
}

/** `$FAULTLINE_CACHE`, else `faultline` in the user's cache folder. */
function cacheFolderOf(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): string {
  const { FAULTLINE_CACHE: own, XDG_CACHE_HOME: xdg, HOME: home = homedir() } = env;
  if (own !== undefined && own !== "") return own;
  // The XDG specification says that a relative path is to be ignored.
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, "faultline");
  return platform === "darwin" ? join(home, "Library/Caches/faultline") : join(home, ".cache/faultline");
}
