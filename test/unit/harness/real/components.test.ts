import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { cachedSource, keepInCache } from "../../../../harness/real/components/cache.ts";
import { componentKinds } from "../../../../harness/real/components/component.ts";
import {
  type ComponentEnvironment,
  componentEnvironment,
} from "../../../../harness/real/components/component-environment.ts";
import { copyJars, wrongJars } from "../../../../harness/real/components/copy-jars.ts";
import { type Download, downloadWith } from "../../../../harness/real/components/download.ts";
import { findComponent } from "../../../../harness/real/components/find-component.ts";
import { kafkaJars } from "../../../../harness/real/components/kafka-jars.ts";
import { kafkaSettings } from "../../../../harness/real/components/kafka-settings.ts";
import { clockOffsets, findLibfaketime } from "../../../../harness/real/components/libfaketime.ts";
import type { ObtainContext } from "../../../../harness/real/components/obtain.ts";
import { obtainToxiproxy } from "../../../../harness/real/components/obtain-toxiproxy.ts";
import { setupComponents } from "../../../../harness/real/components/setup-components.ts";
import { systemClock } from "../../../../harness/time/system-clock.ts";
import { serveBytes } from "../../../support/real/serve-bytes.ts";

const clock = systemClock();
const folders: string[] = [];
let cache = "";

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "faultline-cache-"));
  folders.push(cache);
});

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A machine with nothing on its PATH but the given programs. */
function machine(
  programs: Readonly<Record<string, string>> = {},
  env: Record<string, string> = {},
): ComponentEnvironment {
  const bin = join(cache, "bin");
  mkdirSync(bin, { recursive: true });
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return componentEnvironment({ PATH: bin, FAULTLINE_CACHE: join(cache, "kept"), ...env });
}

function context(environment: ComponentEnvironment, download: Download, offline = false): ObtainContext {
  return { environment, offline, download, clock, say: () => {} };
}

const refuse: Download = () => Promise.reject(new Error("no network"));

describe("the cache folder", () => {
  test.each([
    [{ FAULTLINE_CACHE: "/a", XDG_CACHE_HOME: "/b", HOME: "/c" }, "linux", "/a"],
    [{ XDG_CACHE_HOME: "/b", HOME: "/c" }, "linux", "/b/faultline"],
    [{ XDG_CACHE_HOME: "b", HOME: "/c" }, "linux", "/c/.cache/faultline"],
    [{ HOME: "/c" }, "linux", "/c/.cache/faultline"],
    [{ HOME: "/c" }, "darwin", "/c/Library/Caches/faultline"],
  ] as const)("of %o on %s is %s", (env, platform, folder) => {
    expect(componentEnvironment(env, {}, platform, "x64").cacheFolder).toBe(folder);
  });

  test("keeps what was built completely, once, whoever else builds it at the same time", async () => {
    const folder = join(cache, "kept/thing/1.0");
    let built = 0;
    const build = async (temporary: string) => {
      built += 1;
      writeFileSync(join(temporary, "program"), "first");
      await clock.sleep(1);
      return { ok: true } as const;
    };
    const both = [keepInCache(folder, "go install", build), keepInCache(folder, "Maven", build)];
    expect(await Promise.all(both)).toEqual([{ ok: true }, { ok: true }]);
    await keepInCache(folder, "Maven", build);
    expect(built).toBe(2);
    expect(readFileSync(join(folder, "program"), "utf8")).toBe("first");
    expect(["go install", "Maven"]).toContain(cachedSource(folder));
    expect(readdirSync(join(cache, "kept/thing"))).toEqual(["1.0"]);
  });

  test("keeps nothing of what failed", async () => {
    const folder = join(cache, "kept/thing/1.0");
    const why = { ok: false, why: "no", command: "do" } as const;
    expect(await keepInCache(folder, "Maven", async () => why)).toEqual(why);
    const broken = keepInCache(folder, "Maven", () => Promise.reject(new Error("full")));
    await expect(broken).rejects.toThrow("full");
    expect(readdirSync(join(cache, "kept/thing"))).toEqual([]);
  });
});

describe("looking for components", () => {
  test("on a bare machine says of each what is missing, and a command that gets it", async () => {
    const searches = await Promise.all(componentKinds.map((kind) => findComponent(kind, machine())));
    const missing = searches.filter(({ kind }) => kind !== "postgres");
    for (const search of missing) {
      if (search.found) throw new Error(`${search.kind} is not here`);
      expect(search.why).toMatch(/\.$/);
      expect(search.command).toMatch(/faultline setup|redis/);
    }
    const mongodb = searches.find(({ kind }) => kind === "mongodb");
    expect(mongodb?.label).toBe("MongoDB protocol stand-in");
  });

  test.each([
    ["apt-get", /^(sudo )?apt-get install -y redis-server$/],
    ["dnf", /^(sudo )?dnf install -y redis$/],
    ["apk", /^(sudo )?apk add redis$/],
  ])("names the command of %s for Redis", async (manager, command) => {
    const search = await findComponent("redis", machine({ [manager]: "" }));
    expect(search).toMatchObject({ found: false, command: expect.stringMatching(command) });
  });

  test("takes the configured program before the PATH, and never passes over one that is not there", async () => {
    const script = 'echo "Redis server v=7.2.4 sha=00000000:0 malloc=libc bits=64"';
    const onPath = await findComponent("redis", machine({ "redis-server": script }));
    expect(onPath).toMatchObject({ found: true, source: "PATH", version: "7.2.4", label: "Redis" });
    const gone = machine({ "redis-server": script }, { FAULTLINE_REDIS: "/nowhere/redis-server" });
    expect(await findComponent("redis", gone)).toMatchObject({
      found: false,
      why: "FAULTLINE_REDIS names /nowhere/redis-server, which cannot be executed.",
    });
    const valkey = machine({ other: 'echo "Valkey server v=8.1.0 sha=0"' });
    const configured = { ...valkey, configured: { redis: join(cache, "bin/other") } };
    expect(await findComponent("redis", configured)).toMatchObject({
      found: true,
      source: "configured path",
      label: "Valkey",
      version: "8.1.0",
    });
  });

  test("refuses a Java that is too old", async () => {
    const old = machine({ java: `echo 'openjdk version "11.0.2"' >&2` });
    mkdirSync(join(old.cacheFolder, "kafka/4.3.1/libs"), { recursive: true });
    writeFileSync(join(old.cacheFolder, "kafka/4.3.1/libs/kafka_2.13-4.3.1.jar"), "");
    const search = await findComponent("kafka", old);
    expect(search).toMatchObject({ found: false, why: expect.stringMatching(/Java 11\.0\.2; 17 or later/) });
  });

  test("finds libfaketime where it is named, and tells how to get it otherwise", () => {
    const path = join(cache, "libfaketime.so.1");
    writeFileSync(path, "");
    expect(findLibfaketime(machine({}, { FAULTLINE_LIBFAKETIME: path }))).toEqual({ path });
    const gone = findLibfaketime(machine({ "apt-get": "" }, { FAULTLINE_LIBFAKETIME: "/nowhere" }));
    expect(gone).toMatchObject({ path: null, command: expect.stringContaining("libfaketime") });
    // As a run is told that draws the fault, and doctor's table: a clause that anything may follow.
    expect(clockOffsets({ path })).toBe(true);
    expect(clockOffsets(gone)).toMatch(
      /^FAULTLINE_LIBFAKETIME names \/nowhere, which is not there\. Run: .*[^.]$/,
    );
  });
});

describe("getting components", () => {
  test("Toxiproxy: a release of another checksum is not kept; then Go builds it", async () => {
    const go = 'echo "$@" > "$GOBIN/arguments"; echo x > "$GOBIN/server"; /bin/chmod +x "$GOBIN/server"';
    const environment = machine({ go });
    await using server = await serveBytes(Buffer.from("something else"));
    const download = downloadWith(clock);
    const said: string[] = [];
    const obtained = await obtainToxiproxy({
      ...context(environment, (file, path) => download({ ...file, url: server.url }, path)),
      say: (line) => said.push(line),
    });
    expect(obtained).toEqual({ ok: true });
    expect(said.join("\n")).toMatch(/expected sha256 [0-9a-f]{64}; found/);
    const search = await findComponent("toxiproxy", environment);
    expect(search).toMatchObject({ found: true, source: "go install", version: "2.12.0" });
    const folder = join(environment.cacheFolder, "toxiproxy/2.12.0");
    expect(readFileSync(join(folder, "arguments"), "utf8")).toContain("server@v2.12.0");
  });

  test("Toxiproxy: without network and Go says why, and which command helps", async () => {
    const obtained = await obtainToxiproxy(context(machine({ "apt-get": "" }), refuse));
    if (obtained.ok) throw new Error("there is no source");
    expect(obtained.why).toMatch(/no network.*Go is not on the PATH/);
    expect(obtained.command).toMatch(/apt-get install -y golang-go && faultline setup/);
  });

  test("offline nothing is fetched, and every missing component is told", async () => {
    let fetched = 0;
    const counting: Download = () => {
      fetched += 1;
      return Promise.reject(new Error("fetched"));
    };
    const kinds = ["toxiproxy", "kafka", "mongodb", "redis"] as const;
    const searches = await setupComponents(kinds, context(machine(), counting, true));
    expect(searches.map(({ found }) => found)).toEqual([false, false, false, false]);
    expect(fetched).toBe(0);
    for (const search of searches) if (!search.found) expect(search.command).not.toBe("");
  });

  test("a download is compared with its checksum", async () => {
    const bytes = Buffer.from("a release");
    await using server = await serveBytes(bytes);
    const path = join(cache, "file");
    const checksum = createHash("sha256").update(bytes).digest("hex");
    const download = downloadWith(clock);
    await download({ url: server.url, algorithm: "sha256", checksum }, path);
    expect(readFileSync(path, "utf8")).toBe("a release");
    const wrong = { url: server.url, algorithm: "sha256", checksum: "00" } as const;
    await expect(download(wrong, path)).rejects.toMatchObject({ code: "bad-checksum" });
    const absent = { url: `${server.url}/404`, algorithm: "sha256", checksum } as const;
    await expect(download(absent, path)).rejects.toMatchObject({
      code: "download-failed",
      message: expect.stringContaining("HTTP status 404"),
    });
  });

  test.each([
    [
      "[ERROR] Plugin x could not be resolved: no network -> [Help 1]",
      "Plugin x could not be resolved: no network",
    ],
    ["mvn is broken", "mvn is broken"],
  ])("of what Maven says it tells what went wrong: %s", async (said, told) => {
    const mvn = `printf '%b' '${said}\n[ERROR] \n[ERROR] Re-run Maven using the -X switch.\n[ERROR] [Help 1] http://x'; exit 1`;
    const silent = `echo '${said}'; exit 1`;
    const environment = machine({ mvn: said.startsWith("[") ? mvn : silent });
    const copied = await copyJars([], {}, join(cache, "jars"), context(environment, refuse));
    expect(copied).toEqual({ ok: false, why: `Maven failed: ${told}`, command: "faultline setup" });
  });

  test("jars must be the pinned ones, all of them and no others", () => {
    const sum = (text: string): string => createHash("sha256").update(text).digest("hex");
    for (const name of ["a.jar", "b.jar", "d.jar"]) writeFileSync(join(cache, name), name);
    const pinned = { "a.jar": sum("a.jar"), "b.jar": sum("other"), "c.jar": sum("c.jar") };
    expect(wrongJars(cache, pinned)).toEqual(["c.jar", "b.jar", "d.jar"]);
    expect(Object.values(kafkaJars).every((checksum) => /^[0-9a-f]{64}$/.test(checksum))).toBe(true);
    expect(existsSync(join(cache, "a.jar"))).toBe(true);
  });
});

test("each client of Kafka has a listener of its own, advertised with the port of its proxy", () => {
  const text = kafkaSettings({
    folder: "/data",
    port: 1,
    controllerPort: 2,
    listeners: [
      { name: "order", listenPort: 3, advertisedPort: 33 },
      { name: "payment service", listenPort: 4, advertisedPort: 44 },
    ],
  });
  const settings = new Map(
    text.split("\n").map((line) => [line.split("=")[0], line.slice(line.indexOf("=") + 1)]),
  );
  expect(settings.get("listeners")).toBe(
    "CONTROLLER://127.0.0.1:2,DIRECT://127.0.0.1:1,CLIENT_0://127.0.0.1:3,CLIENT_1://127.0.0.1:4",
  );
  expect(settings.get("advertised.listeners")).toBe(
    "DIRECT://127.0.0.1:1,CLIENT_0://127.0.0.1:33,CLIENT_1://127.0.0.1:44",
  );
});
