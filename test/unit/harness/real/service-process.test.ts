import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { portSource } from "../../../../harness/real/processes/port-source.ts";
import { type Reaper, startReaper } from "../../../../harness/real/processes/reaper.ts";
import { waitUntil } from "../../../../harness/real/processes/wait-until.ts";
import { ServiceProcess } from "../../../../harness/real/services/service-process.ts";
import { systemClock } from "../../../../harness/time/system-clock.ts";

const clock = systemClock();
const folder = mkdtempSync(join(tmpdir(), "faultline-service-"));
const ports = portSource(process.pid + 2);
let reaper: Reaper;

beforeAll(() => {
  reaper = startReaper();
});

afterAll(async () => {
  await reaper[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Ends when it is told to, with the code that it is told; says so first. */
const obedient = [
  "const server = require('node:net').createServer((socket) => socket.on('data', (code) => {",
  "  console.error('out of memory, said ' + code);",
  "  process.exit(Number(code));",
  "}));",
  "console.log('a life begins');",
  "server.listen(Number(process.argv[1]), '127.0.0.1');",
].join("\n");

/** Its first two lives end before it listens. */
const lateComer = [
  "const { existsSync, writeFileSync } = require('node:fs');",
  "for (const life of ['first', 'second']) {",
  "  const path = process.argv[2] + life;",
  "  if (!existsSync(path)) { writeFileSync(path, ''); console.error('the store is away'); process.exit(1); }",
  "}",
  obedient,
].join("\n");

interface Started {
  readonly service: ServiceProcess;
  readonly port: number;
  lives(): number;
}

async function started(name: string, program: string): Promise<Started> {
  const port = await ports.next();
  const logPath = join(folder, `${name}.log`);
  const args = ["-e", program, String(port), join(folder, name)];
  const service = new ServiceProcess({
    ...{ name, command: process.execPath, args, cwd: folder, env: {}, logPath, port, clock, reaper },
  });
  await service.start();
  return {
    ...{ service, port },
    lives: () => readFileSync(logPath, "utf8").split("a life begins").length - 1,
  };
}

function tell(port: number, code: number): void {
  const socket = connect({ host: "127.0.0.1", port }, () => socket.write(String(code)));
  socket.on("error", () => {});
}

const until = (look: () => boolean, what: string) => waitUntil(look, { clock, timeoutMs: 20_000, what });

describe("the process of a service", () => {
  test("that ends although nobody asked it to is a death of its own, told with the end of its log", async () => {
    const { service, port, lives } = await started("order", obedient);
    expect(service.unaskedDeath).toBeNull();
    tell(port, 3);
    await until(() => service.unaskedDeath !== null, "the death to be seen");
    expect(service.unaskedDeath?.name).toBe("service order");
    expect(service.unaskedDeath?.why).toMatch(/^it ended with code 3\n.*out of memory, said 3/s);
    // It is not started again: what went on would say nothing.
    await clock.sleep(300);
    expect([service.isUp(), lives()]).toEqual([false, 1]);
  });

  test("that is killed, stopped and started again by the harness has not died by itself", async () => {
    const { service, port, lives } = await started("payment", obedient);
    await service.kill();
    await service.start();
    await service.stopGracefully();
    expect(service.isUp()).toBe(false);
    await service.start();
    expect([service.isUp(), lives(), service.unaskedDeath]).toEqual([true, 3, null]);
    tell(port, 0);
    await until(() => service.unaskedDeath !== null, "the death to be seen");
    expect(service.unaskedDeath?.why).toMatch(/^it ended with code 0\n/);
  });

  test("that cannot start yet is started again until it can: that is no death", async () => {
    const { service, lives } = await started("inventory", lateComer);
    expect([service.isUp(), lives(), service.unaskedDeath]).toEqual([true, 1, null]);
    await service.stopGracefully();
  });
});
