import { describe, expect, test } from "vitest";
import type { ExaminedComponent } from "../../../cli/examine-components.ts";
import type { ExaminedSubstrate } from "../../../cli/examine-substrates.ts";
import { capabilitiesHere, type PossibleFault, possibleFaults } from "../../../cli/possible-faults.ts";
import { renderFaultTable } from "../../../cli/render-fault-table.ts";
import { faultPlaces, refuseImpossibleFaults } from "../../../harness/faults/impossible-faults.ts";
import { faults } from "../../../harness/faults/index.ts";
import { type ComponentKind, componentKinds } from "../../../harness/real/components/component.ts";
import { substrateNames } from "../../../harness/real/substrate/substrate.ts";
import { ownServers, serversOfOthers } from "../../../harness/real/substrate/substrate-capabilities.ts";
import { paintFor } from "../../../reports/terminal/paint.ts";

function components(missing: readonly ComponentKind[] = []): readonly ExaminedComponent[] {
  return componentKinds.map((kind) => ({
    ...{ kind, label: kind, found: true, version: "1", source: "PATH", path: "/x", standIn: false },
    ...{ java: null, why: null, command: null, startMs: missing.includes(kind) ? null : 1 },
  }));
}

const libfaketime = { path: "/lib/libfaketime.so.1" } as const;

function named(list: readonly PossibleFault[], name: string): PossibleFault {
  const found = list.find((fault) => fault.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

describe("what doctor says of a fault on a substrate is what a run on it would be told", () => {
  const shown = possibleFaults(capabilitiesHere(components(), libfaketime));
  const handedOut = { local: ownServers(true), docker: ownServers(true), external: serversOfOthers(true) };

  test.each(substrateNames)("%s", (substrate) => {
    const where = { lane: "real", capabilities: handedOut[substrate] } as const;
    let refused = 0;
    for (const fault of faults) {
      const told = named(shown, fault.name);
      const run = (): void => refuseImpossibleFaults([fault], where);
      if (told[substrate] === true) expect(run, fault.name).not.toThrow();
      else {
        refused++;
        expect(run, fault.name).toThrow(told[substrate]);
      }
      for (const place of faultPlaces) {
        const spared = told.spared.find((some) => some.substrate === substrate && some.place === place);
        const nowhere = { stores: new Set<string>(), replication: new Set<string>() };
        const there = (): void =>
          refuseImpossibleFaults([fault], where, { ...nowhere, [place]: new Set([fault.name]) });
        if (spared !== undefined)
          expect(there, fault.name).toThrow(`"${fault.name}@${place}": ${spared.why}`);
      }
    }
    expect(refused).toBe(substrate === "external" ? 5 : 2);
  });
});

test("faults that a place spares are possible elsewhere, and told with the place", () => {
  const shown = possibleFaults(capabilitiesHere(components(), libfaketime));
  const crash = named(shown, "process-crash");
  expect([crash.local, crash.docker, crash.external]).toEqual([true, true, true]);
  expect(crash.spared).toEqual([
    { substrate: "external", place: "stores", why: expect.stringContaining("not killed") },
  ]);
  expect(named(shown, "link-partition").spared.map(({ place }) => place)).toEqual(["replication"]);
  // One that is impossible anyhow is not told a second time.
  expect(named(shown, "replica-lag").spared).toEqual([]);
});

test("what this machine lacks is told by component, address and command", () => {
  const bare = capabilitiesHere(components(["toxiproxy", "postgres"]), {
    path: null,
    why: "It is not there.",
    command: "apt-get install faketime",
  });
  const shown = possibleFaults(bare);
  expect(named(shown, "link-latency")).toMatchObject({ local: "needs toxiproxy", docker: true });
  expect(named(shown, "link-latency").external).toBe("needs toxiproxy");
  expect(named(shown, "postgres-backend-kill").local).toContain("needs postgres");
  // Nothing runs past the proxies, so nothing is killed either.
  for (const name of ["process-crash", "graceful-stop"]) {
    expect(named(shown, name)).toMatchObject({ local: "needs toxiproxy", docker: true });
    expect(named(shown, name).external).toBe("needs toxiproxy");
  }
  const onlyProxies = possibleFaults(capabilitiesHere(components(["toxiproxy"]), libfaketime));
  for (const fault of onlyProxies) expect(fault.local, fault.name).not.toBe(true);
  // It needs proxies and a place to hold connections: what both lack is told once.
  expect(named(onlyProxies, "pool-exhaustion").local).toBe("needs toxiproxy");
  for (const name of substrateNames)
    expect(named(shown, "clock-offset")[name]).toContain("apt-get install faketime");
  const some = possibleFaults(capabilitiesHere(components(), libfaketime, { redis: "redis://cache/9" }));
  expect(named(some, "duplicate-delivery").external).toContain("external.kafka");
  expect(named(some, "postgres-backend-kill").external).toContain("external.postgres");
});

test("the table has brackets where a substrate cannot run here, and each reason once", () => {
  const substrates: readonly ExaminedSubstrate[] = substrateNames.map((name) => ({
    name,
    possible: name !== "external",
    why: "",
  }));
  const shown = possibleFaults(capabilitiesHere(components(), libfaketime));
  const lines = renderFaultTable(paintFor(false), shown, substrates);
  const row = (name: string): string => lines.find((line) => line.trim().startsWith(name)) ?? "";
  expect(row("process-crash")).toMatch(/^ +process-crash +✓ +✓ +✓ +\(✓\) \d+$/);
  expect(row("reordered-delivery")).toMatch(/✓ +– (\d+) +– \1 +– \1$/);
  expect(row("pool-exhaustion")).toMatch(/✓ +✓ +✓ +– \d+$/);
  const notes = lines.filter((line) => /^ +\d/.test(line)).map((line) => line.replace(/^ +\d+ +/, ""));
  expect(notes.length).toBeGreaterThan(3);
  expect(new Set(notes).size).toBe(notes.length);
  expect(lines.filter((line) => line.includes("could run here"))).toHaveLength(1);
});
