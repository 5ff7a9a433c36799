import { execFileSync } from "node:child_process";
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
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { componentEnvironment } from "../../../../harness/real/components/component-environment.ts";
import { findComponent } from "../../../../harness/real/components/find-component.ts";
import type { ObtainContext, Obtained } from "../../../../harness/real/components/obtain.ts";
import { obtainMongod } from "../../../../harness/real/components/obtain-mongod.ts";
import { obtainMongodb } from "../../../../harness/real/components/obtain-mongodb.ts";
import { pinnedVersions } from "../../../../harness/real/components/pinned-versions.ts";
import { systemClock } from "../../../../harness/time/system-clock.ts";

const folders: string[] = [];

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "faultline-mongod-"));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A mirror of MongoDB's downloads, with one archive: a `mongod` that is this script. */
async function openMirror(script: string, checksum?: string) {
  const folder = temporary();
  mkdirSync(join(folder, "mongodb/bin"), { recursive: true });
  writeFileSync(join(folder, "mongodb/bin/mongod"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "mongodb/bin/mongod"), 0o755);
  execFileSync("tar", ["-czf", "archive.tgz", "mongodb"], { cwd: folder });
  const archive = readFileSync(join(folder, "archive.tgz"));
  const md5 = checksum ?? createHash("md5").update(archive).digest("hex");
  const asked: string[] = [];
  const server = createServer(({ url = "" }, answer) => {
    asked.push(url);
    const body = url.endsWith(".md5") ? Buffer.from(`${md5}  archive.tgz\n`) : archive;
    answer.writeHead(200, { "content-length": body.length }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const cache = temporary();
  const environment = componentEnvironment({
    PATH: "/nowhere",
    FAULTLINE_CACHE: cache,
    MONGOMS_DOWNLOAD_MIRROR: `http://127.0.0.1:${port}`,
    MONGOMS_USE_HTTP: "true",
  });
  const context: ObtainContext = {
    environment,
    offline: false,
    download: () => Promise.reject(new Error("the package fetches by itself")),
    clock: systemClock(),
    say: () => {},
  };
  return {
    ...{ asked, environment, context },
    kept: () => (existsSync(join(cache, "mongodb")) ? readdirSync(join(cache, "mongodb")) : []),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function whyNot(obtained: Obtained): string {
  if (obtained.ok) throw new Error("it was kept");
  expect(obtained.command).toContain("faultline setup");
  return obtained.why;
}

describe("MongoDB by mongodb-memory-server-core", () => {
  test("is fetched in the pinned version, kept by itself, and found again before any stand-in", async () => {
    const { mongodb } = pinnedVersions;
    await using mirror = await openMirror(`echo "db version v${mongodb}"`);
    expect(await obtainMongodb(mirror.context)).toEqual({ ok: true });
    expect(mirror.asked).toEqual([
      expect.stringContaining(`-${mongodb}.tgz`),
      expect.stringContaining(`-${mongodb}.tgz.md5`),
    ]);
    const folder = join(mirror.environment.cacheFolder, "mongodb", mongodb);
    expect(readdirSync(folder).sort()).toEqual(["mongod", "source.txt"]);
    expect(await findComponent("mongodb", mirror.environment)).toEqual({
      found: true,
      kind: "mongodb",
      label: "MongoDB",
      version: mongodb,
      source: "mongodb-memory-server-core",
      path: join(folder, "mongod"),
      standIn: false,
    });
  });

  test("is not kept where the archive is another than the published checksum says", async () => {
    await using mirror = await openMirror("exit 0", "0".repeat(32));
    expect(whyNot(await obtainMongod(mirror.context))).toMatch(/got no MongoDB: .*md5/i);
    expect(mirror.kept()).toEqual([]);
  });

  test("is not kept where it does not run on this machine", async () => {
    await using mirror = await openMirror(
      "echo 'libcrypto.so.3: cannot open shared object file' >&2; exit 127",
    );
    expect(whyNot(await obtainMongod(mirror.context))).toMatch(/does not run here: libcrypto/);
    expect(mirror.kept()).toEqual([]);
  });

  test("offline is not fetched; what then lacks for the stand-in is told too", async () => {
    await using mirror = await openMirror("exit 0");
    const why = whyNot(await obtainMongodb({ ...mirror.context, offline: true }));
    expect(why).toMatch(/^MongoDB is not fetched when offline\. .*(Maven|mvn)/);
    expect(mirror.asked).toEqual([]);
  });
});
