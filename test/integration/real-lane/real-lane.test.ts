import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { waitUntil } from "../../../harness/real/processes/wait-until.ts";
import type { SuiteRecord } from "../../../harness/record/suite-record.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";
import { type CliEnd, endOf, runCli, startCli } from "../../e2e/run-cli.ts";
import { componentVariables } from "../../support/real/component-variables.ts";
import { listening, TracedFolder } from "../../support/real/real-lane-traces.ts";
import { componentHere } from "../../support/real/real-site.ts";

const SCENARIO = "acknowledged-updates-are-kept";
const clock = systemClock();
const found = await Promise.all((["postgres", "toxiproxy"] as const).map(componentHere));
const linux = process.platform === "linux";
if (!linux)
  process.stderr.write("Tests of the real lane are skipped: they look into /proc, so need Linux.\n");

const traced = new TracedFolder();
const { path: folder } = traced;
afterAll(() => traced[Symbol.dispose]());
const nothing = { processes: [], ports: [], files: [] };
afterEach(() => expect(traced.traces()).toEqual(nothing));

function commandOf(form: string, out: string): string[] {
  return ["run", SCENARIO, "--lane", "real", "--form", form, "--seed", "1", "--out", join(folder, out)];
}

const start = { env: { ...componentVariables(), TMPDIR: folder } };

function suiteOf(stdout: string): SuiteRecord {
  return JSON.parse(stdout) as SuiteRecord;
}

/** Waits for it, and gives up at once when the command has ended before. */
async function until(look: () => boolean, what: string, end: Promise<CliEnd>): Promise<void> {
  let over: CliEnd | null = null;
  void end.then((ended) => {
    over = ended;
  });
  const orOver = () => {
    if (over !== null) throw new Error(`The command ended before ${what}: ${over.stdout}${over.stderr}`);
    return look();
  };
  await waitUntil(orOver, { clock, timeoutMs: 60_000, what });
}

/** A service that has written its log has been started; its records come with its first operations. */
function isUnderWay(out: string, form: string): () => boolean {
  const run = join(folder, out, "runs", `${SCENARIO}.${form}`, "1");
  return () => existsSync(join(run, "user.log")) && existsSync(join(run, "user.records.ndjson"));
}

/** Faults come with the load: by then all services have been ready. */
function hasFault(out: string, form: string): () => boolean {
  const journal = join(folder, out, "runs", `${SCENARIO}.${form}`, "1", "faults.ndjson");
  return () => existsSync(journal) && readFileSync(journal, "utf8").includes('"inject"');
}

/** What a run says that ended because something died. */
async function messageOfDeath(end: Promise<CliEnd>): Promise<string> {
  const { code, stdout } = await end;
  expect(code).toBe(255);
  const { summary } = suiteOf(stdout);
  expect(summary[0]).toMatchObject({ judgement: "failed", invalid: 0, anomalies: [] });
  expect(summary[0]?.failure?.code).toBe("component-died");
  return summary[0]?.failure?.message ?? "";
}

/** The postmaster, by the file in which it names itself. */
function postmaster(): number {
  const [data = ""] = readdirSync(folder).filter((name) => name.startsWith("faultline-data-"));
  const files = readdirSync(join(folder, data), { recursive: true, encoding: "utf8" });
  const file = files.find((name) => name.endsWith("postmaster.pid")) ?? "";
  return Number(readFileSync(join(folder, data, file), "utf8").split("\n")[0]);
}

/** The process of the user service. */
function userService(): number {
  const line = traced
    .traces()
    .processes.find((one) => /service-process\.ts \S+ hardened user( |$)/.test(one));
  if (line === undefined) throw new Error("the user service does not run");
  return Number.parseInt(line, 10);
}

describe.skipIf(found.includes(null) || !linux)("the real lane on local servers", () => {
  test("finds a hardened form valid, and says on what it ran", async () => {
    const args = [...commandOf("hardened", "valid"), "--runs", "1", "--json"];
    const { code, stdout, stderr } = await runCli(args, start);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const suite = suiteOf(stdout);
    expect(suite).toMatchObject({ verdict: "valid", lane: "real", substrate: "local", complete: true });
    expect(suite.components?.map((component) => component.replace(/ \d.*/, ""))).toEqual([
      "PostgreSQL",
      "Toxiproxy",
    ]);
    expect(suite.summary[0]).toMatchObject({ seeds: 1, valid: 1, failure: null });
  });

  test("catches a defect, and its token tells how often it shows again", async () => {
    const caught = await runCli([...commandOf("defect:blind-update", "caught"), "--json"], start);
    const { summary } = suiteOf(caught.stdout);
    expect(summary[0]).toMatchObject({ judgement: "as-expected", failure: null });
    expect(caught.code).toBe(1);
    const token = summary[0]?.token ?? "";
    const { code, stdout, stderr } = await runCli(["replay", token, "--times", "2"], start);
    const [, reproduced = ""] = /2 of 2 executed, (\d) with an anomaly/.exec(stderr) ?? [];
    expect(stderr).toMatch(/1 of 2 executed, [01] with an anomaly/);
    expect(stdout).toContain(`${reproduced} of 2`);
    expect(code).toBe(reproduced === "0" ? 0 : 1);
  });

  test("a server that dies for a reason of its own is a failure of the harness, never an anomaly", async () => {
    const command = startCli([...commandOf("hardened", "died"), "--runs", "3", "--json"], start);
    const end = endOf(command);
    await until(isUnderWay("died", "hardened"), "the service to run", end);
    process.kill(postmaster(), "SIGKILL");
    const message = await messageOfDeath(end);
    expect(message).toMatch(/^postgres-0 died for a reason of its own.* by SIGKILL/s);
    expect(message).toContain("database system is ready to accept connections");
  });

  test("so is a service that dies for a reason of its own", async () => {
    // Those that end a service are left out: its death must be nobody's.
    const left = ["--without-fault", "process-crash,process-pause,graceful-stop,rolling-restart"];
    const command = startCli([...commandOf("hardened", "ended"), ...left, "--runs", "3", "--json"], start);
    const end = endOf(command);
    await until(hasFault("ended", "hardened"), "the load to begin", end);
    process.kill(userService(), "SIGKILL");
    expect(await messageOfDeath(end)).toMatch(/^service user died for a reason of its own.* by SIGKILL/s);
  });

  test("a harness that is killed in the middle leaves no process, port or temporary folder", async () => {
    const command = startCli([...commandOf("hardened", "killed"), "--runs", "3"], start);
    const end = endOf(command);
    await until(isUnderWay("killed", "hardened"), "the service to run", end);
    const { processes, ports, files } = traced.traces();
    expect(
      processes.filter((line) => /postgres|toxiproxy|service-process/.test(line)).length,
    ).toBeGreaterThan(2);
    expect(ports.length).toBeGreaterThan(3);
    expect(files.some((name) => name.startsWith("faultline-data-"))).toBe(true);
    command.kill("SIGKILL");
    expect((await end).signal).toBe("SIGKILL");
    const gone = () => JSON.stringify(traced.traces()) === JSON.stringify(nothing);
    await waitUntil(gone, { clock, timeoutMs: 20_000, what: "everything to be gone" });
    const still = listening();
    expect(ports.filter((port) => still.includes(port))).toEqual([]);
  });
});
