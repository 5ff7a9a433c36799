import { existsSync } from "node:fs";
import { join } from "node:path";
import type { JavaRuntime } from "./component.ts";
import { type ComponentEnvironment, pathVariables } from "./component-environment.ts";
import { findOnPath, isProgram } from "./find-program.ts";
import { runProgram, versionIn } from "./run-program.ts";

const OLDEST = 17;

/** A Java runtime, or why there is none that will do. */
export type JavaSearch = { readonly java: JavaRuntime } | { readonly java: null; readonly why: string };

/** Looks for Java 17 or later: the configured program, `$JAVA_HOME`, the PATH. */
export async function findJava(environment: ComponentEnvironment): Promise<JavaSearch> {
  const { configured, env } = environment;
  if (configured.java !== undefined && !isProgram(configured.java)) {
    return { java: null, why: `${pathVariables.java} names ${configured.java}, which cannot be executed.` };
  }
  const inHome = env.JAVA_HOME === undefined ? "" : join(env.JAVA_HOME, "bin/java");
  const path = configured.java ?? (isProgram(inHome) ? inHome : findOnPath(["java"], env));
  if (path === null) return { java: null, why: `Java ${OLDEST} or later is not on the PATH.` };
  const { code, output } = await runProgram(path, ["-version"], { timeoutMs: 20_000, env });
  const version = versionIn(output);
  if (code !== 0) return { java: null, why: `${path} -version failed.` };
  if (Number(version.split(".")[0]) >= OLDEST) return { java: { path, version } };
  return { java: null, why: `${path} is Java ${version}; ${OLDEST} or later is needed.` };
}

/**
 * Settings of every Java server: small, quick to start (the first compiler only), and with an archive of
 * loaded classes where `faultline setup` has made one. An archive that does not fit is passed over by Java.
 */
export function javaFlags(heapMiB: number, archive: string | null): readonly string[] {
  return [
    `-Xmx${heapMiB}m`,
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xlog:disable",
    "-Xlog:all=error:stderr",
    ...(archive === null ? [] : ["-Xshare:auto", `-XX:SharedArchiveFile=${archive}`]),
  ];
}

/** The archive of loaded classes in a component's folder: one per Java. */
export function archivePath(folder: string, java: JavaRuntime): string {
  return join(folder, `classes-${java.version}.jsa`);
}

/** The archive that `faultline setup` has made, or null. */
export function archiveOf(folder: string, java: JavaRuntime): string | null {
  const path = archivePath(folder, java);
  return existsSync(path) ? path : null;
}
