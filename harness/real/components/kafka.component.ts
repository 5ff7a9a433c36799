import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cachedSource } from "./cache.ts";
import type { ComponentSearch, FoundComponent, JavaRuntime } from "./component.ts";
import { type ComponentEnvironment, pathVariables } from "./component-environment.ts";
import { archiveOf, findJava, javaFlags } from "./java.ts";
import { makeKafkaLog } from "./kafka-log.ts";
import { type KafkaListener, kafkaSettings } from "./kafka-settings.ts";
import { pinnedVersions } from "./pinned-versions.ts";
import type { RunningServer } from "./running-server.ts";
import type { ServerSite } from "./server-site.ts";
import { type ServerLaunch, startServer } from "./start-server.ts";

const HEAP_MIB = 512;
/** A stop may write an archive of classes. */
const STOP_TIMEOUT_MS = 60_000;
/** The folder below the cache folder that holds Kafka. */
export const kafkaFolder: string = join("kafka", pinnedVersions.kafka);

/** Looks for Kafka: the configured folder, the cache. Java is needed too. */
export async function findKafka(environment: ComponentEnvironment): Promise<ComponentSearch> {
  const { configured, cacheFolder } = environment;
  const missing = (why: string): ComponentSearch => ({
    found: false,
    kind: "kafka",
    label: "Kafka",
    why,
    command: "faultline setup --component kafka",
  });
  const folder = configured.kafka ?? join(cacheFolder, kafkaFolder);
  const version = versionOf(folder);
  if (version === null) {
    return missing(
      configured.kafka === undefined
        ? `Kafka ${pinnedVersions.kafka} is not in ${cacheFolder}.`
        : `${pathVariables.kafka} names ${folder}, which has no jars of Kafka in libs.`,
    );
  }
  const search = await findJava(environment);
  if (search.java === null) return missing(search.why);
  const source = configured.kafka === undefined ? cachedSource(folder) : "configured path";
  return {
    found: true,
    kind: "kafka",
    label: "Kafka",
    version,
    source,
    path: folder,
    standIn: false,
    java: search.java,
  };
}

/** How a broker is started. */
export interface KafkaOptions {
  readonly port?: number;
  /** The ways of clients through proxies; the broker's own port is there besides. */
  readonly listeners?: readonly KafkaListener[];
  /** Come before all others; no archive of classes is used then. */
  readonly javaFlags?: readonly string[];
}

/** Starts a broker that is its own controller. Topics are not created by themselves. */
export function startKafka(
  component: FoundComponent,
  site: ServerSite,
  options: KafkaOptions = {},
): Promise<RunningServer> {
  const { java } = component;
  if (java === undefined) throw new Error("Kafka without Java");
  return startServer(
    component,
    site,
    async (port, folder) => {
      const settings = join(folder, "server.properties");
      const controllerPort = await site.ports.next();
      writeFileSync(
        settings,
        kafkaSettings({ folder, port, controllerPort, listeners: options.listeners ?? [] }),
      );
      await makeKafkaLog(
        component,
        java,
        [...javaFlags(HEAP_MIB, archiveOf(component.path, java)), ...logFlags],
        settings,
        folder,
      );
      const args = kafkaArguments(component.path, java, settings, options.javaFlags ?? []);
      return kafkaLaunch(port, folder, java.path, args);
    },
    options.port,
  );
}

function kafkaLaunch(port: number, folder: string, command: string, args: readonly string[]): ServerLaunch {
  return {
    url: `kafka://127.0.0.1:${port}`,
    process: { command, args, cwd: folder, stopTimeoutMs: STOP_TIMEOUT_MS },
    // Written when the broker is registered and takes requests.
    isReady: (_server, ownLog) => ownLog().includes("Kafka Server started"),
  };
}

function kafkaArguments(
  path: string,
  java: JavaRuntime,
  settings: string,
  extra: readonly string[],
): readonly string[] {
  const archive = extra.length === 0 ? archiveOf(path, java) : null;
  return [
    ...[...extra, ...javaFlags(HEAP_MIB, archive), ...logFlags, "-cp", `${join(path, "libs")}/*`],
    ...["kafka.Kafka", settings],
  ];
}

const logFlags = [
  "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
  "-Dorg.slf4j.simpleLogger.log.kafka.server=info",
  "-Dorg.slf4j.simpleLogger.showDateTime=true",
  "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
];

function versionOf(folder: string): string | null {
  if (!existsSync(join(folder, "libs"))) return null;
  const jar = readdirSync(join(folder, "libs")).find((name) => /^kafka_[\d.]+-[\d.]+\.jar$/.test(name));
  return jar === undefined ? null : jar.replace(/^.*-|\.jar$/g, "");
}
