import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../../cli/config/config-schema.ts";
import { removeContainers } from "../../../../harness/real/processes/remove-containers.ts";
import { type EngineFacts, whyUnusable } from "../../../../harness/real/substrate/container-engine.ts";
import {
  mongodbLaunch,
  postgresLaunch,
  redisLaunch,
  standbyLaunch,
  toxiproxyLaunch,
} from "../../../../harness/real/substrate/container-launch.ts";
import { defaultDockerImages, dockerImages } from "../../../../harness/real/substrate/docker-images.ts";
import { kafkaLaunch } from "../../../../harness/real/substrate/kafka-launch.ts";
import { systemClock } from "../../../../harness/time/system-clock.ts";

describe("images of the docker substrate", () => {
  test("are pinned: none is the latest of its name", () => {
    for (const image of Object.values(defaultDockerImages)) expect(image).toMatch(/:\d+(\.\d+)+$/);
  });

  test("are replaced one by one by the configuration", () => {
    expect(dockerImages()).toEqual(defaultDockerImages);
    expect(dockerImages({ redis: "valkey:8.1" })).toEqual({ ...defaultDockerImages, redis: "valkey:8.1" });
  });

  test("in a configuration are names, of what the substrate has", () => {
    const docker = (images: unknown): unknown => ({ docker: { images } });
    const good = docker({ postgres: "registry.example:5000/team/postgres:17.5@sha256:0a1b" });
    expect(parseConfig(good)).toEqual({ ok: true, config: good });
    const others = docker({ kafka: "apache/kafka:4.1.0", mongodb: "mongo:7.0.5" });
    expect(parseConfig(others)).toEqual({ ok: true, config: others });
    expect(parseConfig(docker({ etcd: "etcd:3.6.1" }))).toEqual({
      ok: false,
      problems: ["docker.images.etcd: there is no such field"],
    });
    for (const wrong of ["", "--privileged", "two words", 7]) {
      expect(parseConfig(docker({ redis: wrong }))).toMatchObject({
        ok: false,
        problems: [expect.stringMatching(/^docker\.images\.redis: /)],
      });
    }
  });
});

describe("a container engine", () => {
  const usable: EngineFacts = {
    platform: "linux",
    socketPath: "/var/run/docker.sock",
    operatingSystem: "Debian GNU/Linux 12 (bookworm)",
    securityOptions: ["name=seccomp,profile=default"],
  };

  test("of this machine can be used", () => expect(whyUnusable(usable)).toBeNull());

  test.each<[Partial<EngineFacts>, RegExp]>([
    [{ socketPath: null }, /over the network/],
    [{ platform: "darwin" }, /on darwin .* virtual machine/],
    [{ operatingSystem: "Docker Desktop" }, /Docker Desktop/],
    [{ securityOptions: ["name=seccomp,profile=default", "name=rootless"] }, /without root/],
  ])("with %j cannot, since its containers have another loopback interface", (facts, why) => {
    expect(whyUnusable({ ...usable, ...facts })).toMatch(why);
  });
});

describe("containers", () => {
  test("listen on the loopback interface only, on the port that they are given", () => {
    for (const launch of [toxiproxyLaunch, postgresLaunch, redisLaunch, mongodbLaunch]) {
      const { command, url } = launch(20_001);
      expect(command.join(" ")).toMatch(/(-host|listen_addresses=|--bind|--bind_ip) ?127\.0\.0\.1/);
      expect(command).toContain("20001");
      expect(url).toContain("127.0.0.1:20001");
    }
  });

  test("a broker tells each client the address of its edge, and formats its log once", () => {
    const way = { name: "CLIENT_0", listenPort: 20_004, advertisedPort: 20_005 };
    const { command, environment, url, entrypoint } = kafkaLaunch(20_002, 20_003, [way]);
    expect([url, entrypoint]).toEqual(["kafka://127.0.0.1:20002", ["sh"]]);
    const settings = environment?.FAULTLINE_KAFKA_SETTINGS ?? "";
    expect(settings).toMatch(/^listeners=.*DIRECT:\/\/127\.0\.0\.1:20002,CLIENT_0:\/\/127\.0\.0\.1:20004$/m);
    expect(settings).toMatch(/^advertised\.listeners=.*,CLIENT_0:\/\/127\.0\.0\.1:20005$/m);
    const folder = /^log\.dirs=(.+)$/m.exec(settings)?.[1];
    expect(command[1]).toContain(`test -s ${folder}/meta.properties || java "$@"`);
    expect(command[1]).toMatch(/; exec java "\$@" .* kafka\.Kafka \S+$/);
  });

  test("a standby copies its primary once and then runs as a server", () => {
    const { command, environment, user } = standbyLaunch(20_002, 20_001);
    expect(command[1]).toMatch(
      /^test -s (\S+)\/PG_VERSION \|\| pg_basebackup --pgdata=\1 .*exec postgres "\$@"$/,
    );
    expect(environment?.FAULTLINE_PRIMARY).toContain("port=20001");
    expect(command.slice(3, 5)).toEqual(["-p", "20002"]);
    expect(user).toBe("postgres");
  });
});

describe("containers of a harness that is gone", () => {
  test("are removed with what they stored, also one that appears while that is done", async () => {
    const folder = mkdtempSync(join(tmpdir(), "faultline-engine-"));
    const present = new Set(["aa", "bb"]);
    const asked: string[] = [];
    const engine = createServer(({ method, url }, answer) => {
      asked.push(`${method} ${decodeURIComponent(url ?? "")}`);
      if (method === "DELETE") {
        const id = /^\/containers\/(\w+)\?force=1&v=1$/.exec(url ?? "")?.[1] ?? "";
        if (id === "bb") present.add("cc");
        present.delete(id);
      }
      answer.end(JSON.stringify([...present].map((Id) => ({ Id }))));
    });
    const socketPath = join(folder, "engine.sock");
    await new Promise<void>((resolve) => engine.listen(socketPath, resolve));
    try {
      expect(await removeContainers({ socketPath, label: "faultline.harness=1.2" }, systemClock())).toBe(3);
      expect(present.size).toBe(0);
      expect(asked[0]).toBe('GET /containers/json?all=1&filters={"label":["faultline.harness=1.2"]}');
    } finally {
      await new Promise((resolve) => engine.close(resolve));
      rmSync(folder, { recursive: true });
    }
  });

  test("are left where the engine is gone too", async () => {
    const gone = { socketPath: join(tmpdir(), "faultline-no-engine.sock"), label: "a=b" };
    expect(await removeContainers(gone, systemClock())).toBe(0);
  });
});
