import { afterAll, beforeAll, expect, test } from "vitest";
import type { ExaminedComponent } from "../../../cli/examine-components.ts";
import { examineSubstrates } from "../../../cli/examine-substrates.ts";
import { type RealPostgres, startRealPostgres } from "../../support/postgres/real-postgres.ts";

// What `doctor` says of the external substrate, with a server that answers.

let postgres: RealPostgres;

beforeAll(async () => {
  postgres = await startRealPostgres();
});

afterAll(() => postgres?.[Symbol.asyncDispose]());

async function external(toxiproxyStartMs: number | null): Promise<readonly [boolean, string]> {
  const toxiproxy: ExaminedComponent = {
    ...{
      kind: "toxiproxy",
      label: "Toxiproxy",
      found: toxiproxyStartMs !== null,
      version: null,
      source: null,
    },
    ...{ path: null, standIn: false, java: null, why: null, command: null, startMs: toxiproxyStartMs },
  };
  const examined = await examineSubstrates([toxiproxy], { postgres: postgres.connectionString }, {});
  const found = examined.find(({ name }) => name === "external");
  return [found?.possible ?? false, found?.why ?? ""];
}

test("it is possible where the servers answer and the proxies in front of them can run here", async () => {
  expect(await external(5)).toEqual([true, expect.stringMatching(/^PostgreSQL /)]);
});

test("it is not where Toxiproxy is missing; the servers that answer are told all the same", async () => {
  const [possible, why] = await external(null);
  expect(possible).toBe(false);
  expect(why).toMatch(/^PostgreSQL .*; missing: toxiproxy/);
});
