import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { keepInCache } from "./cache.ts";
import { copyJars } from "./copy-jars.ts";
import { downloadText } from "./download.ts";
import { kafkaFolder } from "./kafka.component.ts";
import { kafkaJars } from "./kafka-jars.ts";
import { attempt, lastWords, type ObtainContext, type Obtained } from "./obtain.ts";
import { pinnedVersions } from "./pinned-versions.ts";
import { runProgram } from "./run-program.ts";

const UNPACK_TIMEOUT_MS = 120_000;
const { kafka, kafkaScala, slf4jSimple } = pinnedVersions;

/** Gets Kafka into the cache: its jars by Maven, or else the official archive. */
export async function obtainKafka(context: ObtainContext): Promise<Obtained> {
  const jars = await fromMaven(context);
  if (jars.ok || context.offline) return jars;
  context.say(`kafka: ${jars.why}`);
  const archive = await fromArchive(context);
  return archive.ok ? archive : { ok: false, why: `${jars.why} ${archive.why}`, command: jars.command };
}

async function fromMaven(context: ObtainContext): Promise<Obtained> {
  context.say(`kafka: copying the jars of ${kafka} with Maven (44 MB)`);
  const artifacts = [
    { group: "org.apache.kafka", artifact: `kafka_${kafkaScala}`, version: kafka },
    { group: "org.slf4j", artifact: "slf4j-simple", version: slf4jSimple },
  ];
  return keepInCache(join(context.environment.cacheFolder, kafkaFolder), "Maven", async (folder) => {
    const libs = join(folder, "libs");
    mkdirSync(libs);
    return copyJars(artifacts, kafkaJars, libs, context);
  });
}

/** Its SHA-512 is not pinned here: it is compared with the one that the project publishes beside the archive. */
async function fromArchive({ environment, download, clock, say }: ObtainContext): Promise<Obtained> {
  const name = `kafka_${kafkaScala}-${kafka}`;
  const url = `https://archive.apache.org/dist/kafka/${kafka}/${name}.tgz`;
  say(`kafka: fetching the official archive ${name}.tgz (130 MB)`);
  const get = (): Promise<Obtained> =>
    keepInCache(join(environment.cacheFolder, kafkaFolder), "official release", async (folder) => {
      const published = await downloadText(`${url}.sha512`, clock);
      const checksum = published.replace(/^.*:/s, "").replaceAll(/\s/g, "").toLowerCase();
      const archive = join(folder, "archive.tgz");
      await download({ url, algorithm: "sha512", checksum }, archive);
      const unpack = ["-xzf", archive, "-C", folder, `${name}/libs`];
      const { code, output } = await runProgram("tar", unpack, { timeoutMs: UNPACK_TIMEOUT_MS });
      if (code !== 0) return { ok: false, why: lastWords(output), command: "faultline setup" };
      renameSync(join(folder, name, "libs"), join(folder, "libs"));
      rmSync(join(folder, name), { recursive: true });
      rmSync(archive);
      return { ok: true };
    });
  return attempt(get, "faultline setup");
}
