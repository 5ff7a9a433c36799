import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  type SubstrateOptions,
  type SubstrateStarters,
  startSubstrate,
} from "../../../cli/start-substrate.ts";
import { FaultlineError } from "../../../harness/faultline-error.ts";
import { componentEnvironment } from "../../../harness/real/components/component-environment.ts";
import { portSource } from "../../../harness/real/processes/port-source.ts";
import type { Reaper } from "../../../harness/real/processes/reaper.ts";
import type { Substrate, SubstrateName } from "../../../harness/real/substrate/substrate.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";

/** Enough of them to be refused, or to find that nothing is there. */
function optionsFor(
  kinds: readonly ("kafka" | "redis")[],
  addresses: SubstrateOptions["addresses"] = {},
): SubstrateOptions {
  const reaper: Reaper = {
    pid: 0,
    mark: "none",
    watch: () => {},
    ended: () => {},
    addFolder: () => {},
    addMade: () => () => {},
    addContainers: () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  const nowhere = join(tmpdir(), "faultline-is-not-there");
  return {
    kinds: new Set(kinds),
    images: {},
    addresses,
    environment: componentEnvironment({ FAULTLINE_CACHE: nowhere, FAULTLINE_TOXIPROXY: nowhere, PATH: "" }),
    site: { logFolder: tmpdir(), clock: systemClock(), ports: portSource(0), reaper },
    libfaketime: "not looked for",
  };
}

/** Starters that fail with these codes, in words of their own; the others work. */
function starters(failures: Partial<Record<SubstrateName, string>>, asked: SubstrateName[] = []) {
  const start = (name: SubstrateName) => async (): Promise<Substrate> => {
    asked.push(name);
    const code = failures[name];
    if (code !== undefined) throw new FaultlineError("harness", code, `${name} lacks it.`, `get ${name}`);
    // Nothing but its name is looked at.
    return { name } as Substrate;
  };
  return { local: start("local"), docker: start("docker"), external: start("external") };
}

async function chosen(
  start: SubstrateStarters,
  name: SubstrateName | null = null,
): Promise<{ readonly name: SubstrateName; readonly said: readonly string[] }> {
  const said: string[] = [];
  const substrate = await startSubstrate(name, optionsFor([]), (line) => said.push(line), start);
  return { name: substrate.name, said };
}

describe("a substrate that was not named", () => {
  test("is the local one where it can be had, without a word; no other is asked", async () => {
    const asked: SubstrateName[] = [];
    expect(await chosen(starters({}, asked))).toEqual({ name: "local", said: [] });
    expect(asked).toEqual(["local"]);
  });

  test("else the docker one, else the external one; it is said which, and why", async () => {
    expect(await chosen(starters({ local: "component-missing" }))).toEqual({
      name: "docker",
      said: ["The docker substrate is taken. local lacks it."],
    });
    for (const docker of ["no-container-engine", "image-missing"]) {
      expect(await chosen(starters({ local: "component-missing", docker }))).toEqual({
        name: "external",
        said: ["The external substrate is taken. local lacks it. docker lacks it."],
      });
    }
  });

  test("where none can be had it is told what the local one lacks, and why the others are not there", async () => {
    const local = "component-missing";
    for (const external of ["external-address-missing", "external-unreachable"]) {
      const start = starters({ local, docker: "no-container-engine", external });
      await expect(chosen(start)).rejects.toMatchObject({
        code: local,
        hint: "get local",
        message: "local lacks it. docker lacks it. external lacks it.",
      });
    }
  });

  test("is not another one where one is there and fails", async () => {
    const asked: SubstrateName[] = [];
    const start = starters({ local: "server-died" }, asked);
    await expect(chosen(start)).rejects.toMatchObject({ code: "server-died" });
    expect(asked).toEqual(["local"]);
  });
});

test("a substrate that was named is taken, or its own error is told", async () => {
  expect(await chosen(starters({}), "external")).toEqual({ name: "external", said: [] });
  const asked: SubstrateName[] = [];
  const failing = starters({ docker: "no-container-engine" }, asked);
  await expect(chosen(failing, "docker")).rejects.toMatchObject({ message: "docker lacks it." });
  expect(asked).toEqual(["docker"]);
});

describe("the substrates themselves, where nothing is there", () => {
  afterEach(() => void vi.unstubAllEnvs());

  test("tell all three that they cannot be had", async () => {
    vi.stubEnv("DOCKER_HOST", "tcp://127.0.0.1:1");
    const missing = { code: "component-missing", message: expect.stringContaining("The local substrate") };
    const said: string[] = [];
    const say = (line: string): void => void said.push(line);
    const none = startSubstrate(null, optionsFor(["kafka"]), say);
    await expect(none).rejects.toMatchObject({
      code: "component-missing",
      message: expect.stringMatching(
        /^The local substrate needs .* The docker substrate needs .*external\.kafka/,
      ),
    });
    await expect(startSubstrate("local", optionsFor(["redis"]), say)).rejects.toMatchObject(missing);
    expect(said).toEqual([]);
  });

  test("servers that are configured for a part of the stores are not even asked", async () => {
    vi.stubEnv("DOCKER_HOST", "tcp://127.0.0.1:1");
    let connections = 0;
    const server = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as { port: number };
      const redis = `redis://127.0.0.1:${port}/9`;
      const say = (): void => {};
      const both = startSubstrate(null, optionsFor(["redis", "kafka"], { redis }), say);
      await expect(both).rejects.toMatchObject({ message: expect.stringContaining("external.kafka") });
      expect(connections).toBe(0);
      // That it is asked where it is enough shows that the count can rise.
      const one = startSubstrate(null, optionsFor(["redis"], { redis }), say);
      await expect(one).rejects.toMatchObject({ message: expect.stringContaining("cannot be used") });
      expect(connections).toBeGreaterThan(0);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
