import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ActiveRealFault, Fault } from "../../../harness/faults/fault.ts";
import { injectReal } from "../../../harness/faults/inject-real.ts";
import type { RealFaultPort } from "../../../harness/faults/real-fault-port.ts";
import { FaultJournal } from "../../../harness/real/network/fault-journal.ts";
import { healFromJournal, openUndos } from "../../../harness/real/network/heal-from-journal.ts";
import { faultNamed } from "../../support/faults/fault-world.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faultline-journal-"));
  path = join(folder, "faults.ndjson");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const text = () => readFileSync(path, "utf8");
const events = () =>
  text()
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { event: string }).event);

test("what is open is undone, the last thing first; what is closed is not", async () => {
  const journal = new FaultJournal(path, () => 42);
  journal.undo({ kind: "sql", store: "a", statements: ["one", "two"] });
  const closed = journal.undo({ kind: "sql", store: "b", statements: ["never"] });
  journal.undo({ kind: "sql", store: "c", statements: ["three"] });
  closed();
  closed();
  const ran: string[] = [];
  const sql = async (store: string, statement: string) => {
    ran.push(`${store} ${statement}`);
    if (statement === "three") throw new Error("gone");
  };
  const { healed, failed } = await healFromJournal(path, { toxiproxyUrl: null, sql });
  expect(ran).toEqual(["c three", "a one", "a two"]);
  expect([healed.length, failed.map(({ why }) => why)]).toEqual([1, ["gone"]]);
  expect(events()).toEqual(["begin", "open", "open", "open", "closed"]);
});

test("a last line that was cut off is left out, any other is named", () => {
  const journal = new FaultJournal(path, () => 0);
  journal.undo({ kind: "disabled", proxy: "a" });
  expect(openUndos(`${text()}{"event":"op`)).toEqual([{ kind: "disabled", proxy: "a" }]);
  expect(() => openUndos(`${text()}nonsense\n{"event":"heal"}\n`)).toThrow("Line 3");
  expect(() => openUndos('{"event":"begin","format":"other","version":1}\n')).toThrow("Line 1");
  expect(openUndos("")).toEqual([]);
});

test("a fault is in the journal before it is injected, and healed once", async () => {
  const journal = new FaultJournal(path, () => 0);
  let heals = 0;
  const seen: string[] = [];
  const active: ActiveRealFault = {
    bites: async () => 3,
    heal: async () => {
      heals++;
    },
  };
  const fault: Fault<string> = {
    ...faultNamed("process-crash"),
    parse: String,
    target: (params) => params,
    inject: () => {
      throw new Error("not in this lane");
    },
    real: async () => {
      seen.push(...events());
      return active;
    },
  } as Fault<string>;
  const port = {} as RealFaultPort;
  const on = await injectReal({ id: 4, fault: fault as never, params: "db" }, port, journal);
  await Promise.all([on.heal(), on.heal()]);
  await on.heal();
  expect([heals, seen, events()]).toEqual([1, ["begin", "inject"], ["begin", "inject", "heal"]]);
});

test("an impossible fault is refused before anything is written", async () => {
  const journal = new FaultJournal(path, () => 0);
  const entry = { id: 0, fault: faultNamed("reordered-delivery"), params: {} };
  await expect(injectReal(entry, {} as RealFaultPort, journal)).rejects.toMatchObject({
    code: "impossible-fault",
  });
  expect(events()).toEqual(["begin"]);
});
