import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { keepInCache } from "./cache.ts";
import { copyJars, mavenCommand } from "./copy-jars.ts";
import { findOnPath, isProgram } from "./find-program.ts";
import { findJava } from "./java.ts";
import { STAND_IN_JAR, standInFolder } from "./mongodb.component.ts";
import { mongodbStandInJars } from "./mongodb-stand-in-jars.ts";
import { lastWords, type ObtainContext, type Obtained } from "./obtain.ts";
import { obtainMongod } from "./obtain-mongod.ts";
import { pinnedVersions } from "./pinned-versions.ts";
import { runProgram } from "./run-program.ts";

const COMPILE_TIMEOUT_MS = 120_000;
const SOURCE = "mongodb-stand-in/StandInServer.java";

/**
 * Gets MongoDB into the cache where it can be had, else the protocol stand-in: jars by Maven, and its own file compiled
 * by `javac`.
 */
export async function obtainMongodb(context: ObtainContext): Promise<Obtained> {
  const mongod = await obtainMongod(context);
  if (mongod.ok) return mongod;
  context.say(`mongodb: ${mongod.why}`);
  const standIn = await obtainStandIn(context);
  return standIn.ok ? standIn : { ...standIn, why: `${mongod.why} ${standIn.why}` };
}

async function obtainStandIn(context: ObtainContext): Promise<Obtained> {
  const { environment, say } = context;
  say(`mongodb: making the protocol stand-in with Maven and javac (6 MB)`);
  const artifacts = [
    {
      group: "de.bwaldvogel",
      artifact: "mongo-java-server-h2-backend",
      version: pinnedVersions.mongoJavaServer,
    },
  ];
  return keepInCache(join(environment.cacheFolder, standInFolder), "Maven and javac", async (folder) => {
    const libs = join(folder, "libs");
    mkdirSync(libs);
    const copied = await copyJars(artifacts, mongodbStandInJars, libs, context);
    return copied.ok ? compile(folder, context) : copied;
  });
}

/** Compiles into a jar: Java makes no archive of classes of a folder. */
async function compile(folder: string, { environment }: ObtainContext): Promise<Obtained> {
  const { java } = await findJava(environment);
  const tools = ["javac", "jar"].map((tool) => {
    const beside = java === null ? "" : join(dirname(java.path), tool);
    return isProgram(beside) ? beside : findOnPath([tool], environment.env);
  });
  const command = mavenCommand(environment);
  const [javac, jar] = tools;
  if (!(javac && jar)) return { ok: false, why: "javac is not on the PATH: a JDK is needed.", command };
  const source = join(folder, "StandInServer.java");
  const classes = join(folder, "classes");
  copyFileSync(sourceFile(), source);
  const steps: readonly (readonly [string, readonly string[]])[] = [
    [javac, ["--release", "17", "-cp", `${join(folder, "libs")}/*`, "-d", classes, source]],
    [jar, ["--create", "--file", join(folder, "libs", STAND_IN_JAR), "-C", classes, "."]],
  ];
  for (const [tool, args] of steps) {
    const options = { timeoutMs: COMPILE_TIMEOUT_MS, cwd: folder, env: environment.env };
    const { code, output } = await runProgram(tool, args, options);
    if (code !== 0) return { ok: false, why: `${tool} failed: ${lastWords(output)}`, command };
  }
  return { ok: true };
}

/** Beside this file in a checkout; in the package the compiled files lie in `dist`, the source where it was. */
function sourceFile(): string {
  const beside = fileURLToPath(new URL(`./${SOURCE}`, import.meta.url));
  if (existsSync(beside)) return beside;
  return fileURLToPath(new URL(`../../../../harness/real/components/${SOURCE}`, import.meta.url));
}
