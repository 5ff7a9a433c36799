import { existsSync } from "node:fs";
import { join } from "node:path";
import { askPort } from "./ask-port.ts";
import { cachedSource } from "./cache.ts";
import type { ComponentSearch, FoundComponent } from "./component.ts";
import { type ComponentEnvironment, pathVariables } from "./component-environment.ts";
import { findOnPath, isProgram } from "./find-program.ts";
import { archiveOf, findJava, javaFlags } from "./java.ts";
import { pinnedVersions } from "./pinned-versions.ts";
import { runProgram, versionIn } from "./run-program.ts";
import type { RunningServer } from "./running-server.ts";
import type { ServerSite } from "./server-site.ts";
import { startServer } from "./start-server.ts";

const VERSION_TIMEOUT_MS = 10_000;
const HEAP_MIB = 256;
/** A stop may write an archive of classes. */
const STOP_TIMEOUT_MS = 60_000;
const DATABASE = "faultline";

/** What the stand-in is called wherever it is named. */
export const STAND_IN_LABEL = "MongoDB protocol stand-in";

/** The jar, beside those of its dependencies, that holds its main class `StandInServer`. */
export const STAND_IN_JAR = "stand-in.jar";

/** The folder below the cache folder that holds the stand-in. `r` counts changes of its source. */
export const standInFolder: string = join("mongodb-stand-in", `${pinnedVersions.mongoJavaServer}-r2`);

/** The folder below the cache folder that holds a `mongod`, where one could be fetched. */
export const mongodFolder: string = join("mongodb", pinnedVersions.mongodb);

/**
 * Looks for MongoDB: the configured `mongod`, the PATH, the cache; else the stand-in in the cache, for which Java is
 * needed.
 */
export async function findMongodb(environment: ComponentEnvironment): Promise<ComponentSearch> {
  const { configured, env, cacheFolder } = environment;
  const given = configured.mongodb ?? findOnPath(["mongod"], env);
  const kept = join(cacheFolder, mongodFolder);
  const path = given ?? join(kept, "mongod");
  if (given === null && !existsSync(path)) return findStandIn(environment);
  const missing = (why: string): ComponentSearch => ({
    found: false,
    kind: "mongodb",
    label: "MongoDB",
    why,
    command: `${pathVariables.mongodb}=<path of mongod> faultline doctor`,
  });
  if (!isProgram(path)) {
    const who = given === null ? "The cache has" : `${pathVariables.mongodb} names`;
    return missing(`${who} ${path}, which cannot be executed.`);
  }
  const { code, output } = await runProgram(path, ["--version"], { timeoutMs: VERSION_TIMEOUT_MS, env });
  if (code !== 0) return missing(`${path} --version failed: ${output.trim()}`);
  return {
    found: true,
    kind: "mongodb",
    label: "MongoDB",
    version: versionIn(output),
    source:
      configured.mongodb !== undefined ? "configured path" : given === null ? cachedSource(kept) : "PATH",
    path,
    standIn: false,
  };
}

async function findStandIn(environment: ComponentEnvironment): Promise<ComponentSearch> {
  const missing = (why: string): ComponentSearch => ({
    found: false,
    kind: "mongodb",
    label: STAND_IN_LABEL,
    why,
    command: "faultline setup --component mongodb",
  });
  const folder = join(environment.cacheFolder, standInFolder);
  if (!existsSync(join(folder, "libs", STAND_IN_JAR))) {
    return missing(
      `mongod is not on the PATH, and neither it nor its stand-in is in ${environment.cacheFolder}.`,
    );
  }
  const search = await findJava(environment);
  if (search.java === null) return missing(search.why);
  return {
    found: true,
    kind: "mongodb",
    label: STAND_IN_LABEL,
    version: pinnedVersions.mongoJavaServer,
    source: cachedSource(folder),
    path: folder,
    standIn: true,
    java: search.java,
  };
}

/** How MongoDB is started. */
export interface MongodbOptions {
  readonly port?: number;
  /** For the stand-in: come before all others; no archive of classes is used then. */
  readonly javaFlags?: readonly string[];
}

/** Starts MongoDB or its stand-in, on one node. What either acknowledges survives SIGKILL. */
export function startMongodb(
  component: FoundComponent,
  site: ServerSite,
  options: MongodbOptions = {},
): Promise<RunningServer> {
  return startServer(
    component,
    site,
    (port, folder) => ({
      url: mongodbUrl(port),
      process: {
        ...mongodbCommand(component, port, folder, options.javaFlags ?? []),
        cwd: folder,
        stopTimeoutMs: STOP_TIMEOUT_MS,
      },
      isReady: () => mongodbAnswers(port),
    }),
    options.port,
  );
}

function mongodbCommand(
  { standIn, path, java }: FoundComponent,
  port: number,
  folder: string,
  javaFlagsFirst: readonly string[],
): { command: string; args: readonly string[] } {
  if (!standIn || java === undefined) {
    const settings = ["--dbpath", folder, "--port", String(port), "--bind_ip", "127.0.0.1"];
    return { command: path, args: [...settings, "--nounixsocket"] };
  }
  const archive = javaFlagsFirst.length === 0 ? archiveOf(path, java) : null;
  return {
    command: java.path,
    args: [
      ...[...javaFlagsFirst, ...javaFlags(HEAP_MIB, archive), "-cp", `${join(path, "libs")}/*`],
      ...["StandInServer", join(folder, "store.mv"), String(port)],
    ],
  };
}

/** Where a server on one node is reached on a loopback port. */
export function mongodbUrl(port: number): string {
  return `mongodb://127.0.0.1:${port}/${DATABASE}?directConnection=true`;
}

/** Does something answer there in MongoDB's protocol? Never rejects. */
export async function mongodbAnswers(port: number): Promise<boolean> {
  return (await askPort(port, helloMessage())).includes("maxWireVersion");
}

/** `{hello: 1, $db: "admin"}` as an OP_MSG of MongoDB's wire protocol. */
function helloMessage(): Uint8Array {
  const document = Buffer.from("\0\0\0\0\x10hello\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0", "latin1");
  document.writeInt32LE(document.length, 0);
  const header = Buffer.alloc(21);
  header.writeInt32LE(header.length + document.length, 0);
  header.writeInt32LE(1, 4);
  header.writeInt32LE(2013, 12);
  return Buffer.concat([header, document]);
}
