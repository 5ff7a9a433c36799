import { componentEnvironment } from "../../../harness/real/components/component-environment.ts";
import { findPostgres, startPostgres } from "../../../harness/real/components/postgres.component.ts";
import { findKafka, startKafka } from "../../../harness/real/components/kafka.component.ts";
import { findMongodb, startMongodb } from "../../../harness/real/components/mongodb.component.ts";
import { findRedis, startRedis } from "../../../harness/real/components/redis.component.ts";
import { findToxiproxy, startToxiproxy } from "../../../harness/real/components/toxiproxy.component.ts";
import { startPostgresReplica } from "../../../harness/real/components/postgres-replica.ts";
import { openDataFolder } from "../../../harness/real/components/open-data-folder.ts";
import { startReaper } from "../../../harness/real/processes/reaper.ts";
import { portSource } from "../../../harness/real/processes/port-source.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";
const environment = componentEnvironment(process.env);
const clock = systemClock();
const ms = () => Math.round(clock.monotonicNs()/1e6);
const reaper = startReaper();
const dataFolder = openDataFolder(reaper);
const ports = portSource(process.pid);
const site = (name: string) => ({ name, logFolder: "/tmp/try/logs", dataFolder, clock, ports, reaper });
const all: any[] = await Promise.all([findPostgres(environment), findToxiproxy(environment), findKafka(environment), findMongodb(environment), findRedis(environment)]);
console.log(ms(), all);
const [pg, tox, kafka, mongo, redis] = all;
const t = ms();
const servers = await Promise.all([
  startPostgres(pg, site("pg"), { cacheFolder: environment.cacheFolder, databases: ["a", "b", "c"] }),
  startToxiproxy(tox, site("tox")), startKafka(kafka, site("kafka"), {}), startMongodb(mongo, site("mongo")), startRedis(redis, site("redis"))]);
console.log("all up", ms() - t, servers.map(s => [s.name, s.startMs, s.url, s.pid]));
const t2 = ms();
const rep = await startPostgresReplica(pg, servers[0], site("replica"));
console.log("replica", ms() - t2, rep.startMs);
for (const s of [...servers, rep]) { const t3 = ms(); await s.kill("SIGKILL"); const t4 = ms(); await s.restart(); console.log("kill", s.name, t4 - t3, "restart", ms() - t4, s.startMs); }
for (const s of [...servers, rep]) { const t3 = ms(); await s.stop(); console.log("stop", s.name, ms() - t3); }
const t5 = ms(); await reaper[Symbol.asyncDispose](); console.log("reaped", ms() - t5);
