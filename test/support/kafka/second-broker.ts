import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FoundComponent } from "../../../harness/real/components/component.ts";
import { javaFlags } from "../../../harness/real/components/java.ts";
import { runProgram } from "../../../harness/real/components/run-program.ts";
import type { ServerSite } from "../../../harness/real/components/server-site.ts";
import { type SupervisedProcess, spawnProcess } from "../../../harness/real/processes/supervised-process.ts";
import { waitUntil } from "../../../harness/real/processes/wait-until.ts";
import { withKafkaAdmin } from "../../../harness/real/substrate/kafka-admin.ts";

/** Starts a broker that joins the cluster of another one of this machine, and waits until the cluster knows both. */
export async function startSecondBroker(
  { path, java }: FoundComponent,
  first: { readonly site: ServerSite; readonly address: string },
  site: ServerSite,
): Promise<SupervisedProcess> {
  if (java === undefined) throw new Error("Kafka without Java");
  const { clock, reaper, dataFolder, logFolder, ports, name } = site;
  const firstFolder = join(dataFolder, first.site.name);
  const meta = readFileSync(join(firstFolder, "log", "meta.properties"), "utf8");
  const cluster = /^cluster\.id=(.*)$/m.exec(meta)?.[1] ?? "";
  const folder = join(dataFolder, name);
  mkdirSync(folder);
  const listener = `DIRECT://127.0.0.1:${await ports.next()}`;
  const changed = new Map([
    ["process.roles", "broker"],
    ["node.id", "2"],
    ["listeners", listener],
    ["advertised.listeners", listener],
    ["log.dirs", join(folder, "log")],
  ]);
  const settings = join(folder, "server.properties");
  const lines = readFileSync(join(firstFolder, "server.properties"), "utf8").split("\n");
  const own = lines.map((line) => {
    const [key = ""] = line.split("=");
    return changed.has(key) ? `${key}=${changed.get(key)}` : line;
  });
  writeFileSync(settings, own.join("\n"));
  const jars = ["-cp", `${join(path, "libs")}/*`];
  const format = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", settings];
  const { code, output } = await runProgram(java.path, [...javaFlags(256, null), ...jars, ...format], {
    timeoutMs: 60_000,
    cwd: folder,
  });
  if (code !== 0) throw new Error(output);
  const broker = await spawnProcess({
    name,
    command: java.path,
    args: [...javaFlags(256, null), ...jars, "kafka.Kafka", settings],
    cwd: folder,
    logPath: join(logFolder, `${name}.log`),
    clock,
    reaper,
  });
  const joined = async () =>
    (await withKafkaAdmin([first.address], (admin) => admin.describeCluster())).brokers.length === 2;
  await waitUntil(joined, { clock, timeoutMs: 60_000, everyMs: 100, what: "the second broker" });
  return broker;
}
