import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { referenceSystems } from "../../../reference-impl/systems/reference-systems.ts";
import { type ServiceRoute, serviceRoutes } from "../../support/reference-impl/service-routes.ts";
import { type SimulatedSystem, simulate } from "./simulated-system.ts";

// Whatever comes in at a door of a hardened service is answered by it: nonsense with a 4xx that says what is wrong.

/** A request, and what of it is wrong. */
interface Nonsense {
  readonly what: string;
  readonly id?: string;
  readonly query?: string;
  /** Text of the body. */
  readonly body?: string;
  readonly key?: string | null;
  /** It may be a good request after all: then any answer will do that is none of a broken service. */
  readonly isPerhapsGood?: boolean;
}

interface Told {
  readonly status: number;
  readonly code: unknown;
  readonly message: unknown;
}

async function send(
  { client }: SimulatedSystem,
  service: string,
  { method, path, body, isKeyed }: ServiceRoute,
  nonsense: Partial<Nonsense> = {},
): Promise<Told> {
  const key = nonsense.key === undefined ? "k" : nonsense.key;
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (isKeyed === true && key !== null) headers["idempotency-key"] = key;
  const text = nonsense.body ?? (body === undefined ? undefined : JSON.stringify(body));
  const url = `http://${service}${path.replace("{id}", nonsense.id ?? "x")}${nonsense.query ?? ""}`;
  const response = await client.fetch(url, {
    method,
    headers,
    ...(text === undefined ? {} : { body: text }),
  });
  const answer = (await response.json()) as { error?: { code: unknown; message: unknown } };
  return { status: response.status, code: answer.error?.code, message: answer.error?.message };
}

const badIds = ["a_b", "-a", "%00", "%E0%A4%A", "x".repeat(65), "'%20or%201=1"];
const badTexts = ["a\u0000b", "a\ud800b", "x".repeat(5000), 7, {}, []];
const badNumbers = [-1, 0.5, "1", 2 ** 31, 2 ** 53, 1e308, true];

/** The body with the value at one place replaced; undefined: left out. */
function replaced(value: unknown, path: readonly (string | number)[], by: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return by;
  if (Array.isArray(value)) return value.map((one, at) => (at === first ? replaced(one, rest, by) : one));
  const fields = value as Record<string, unknown>;
  return { ...fields, [first]: replaced(fields[first], rest, by) };
}

function* badFields(
  route: ServiceRoute,
  value: unknown = route.body,
  path: readonly (string | number)[] = [],
): Generator<Nonsense> {
  const instead = (by: unknown): Nonsense => ({
    what: `${path.join(".") || "body"} is ${JSON.stringify(by)?.slice(0, 40) ?? "left out"}`,
    body: JSON.stringify(replaced(route.body, path, by)),
    isPerhapsGood: (by === null || by === undefined) && (route.optional ?? []).includes(String(path[0])),
  });
  if (path.length > 0) yield* [null, undefined].map(instead);
  if (typeof value === "string") yield* badTexts.map(instead);
  else if (typeof value === "number") yield* badNumbers.map(instead);
  else if (Array.isArray(value)) {
    yield* [[], {}, Array.from({ length: 1000 }, () => value[0])].map(instead);
    yield* badFields(route, value[0], [...path, 0]);
  } else if (typeof value === "object" && value !== null) {
    yield* [[], "x", { ...value, admin: true }].map(instead);
    for (const [name, field] of Object.entries(value)) yield* badFields(route, field, [...path, name]);
  }
}

function* nonsenseFor(route: ServiceRoute): Generator<Nonsense> {
  if (route.path.includes("{id}")) {
    for (const id of badIds) yield { what: `the id is ${id.slice(0, 20)}`, id };
  }
  for (const query of route.badQueries ?? []) yield { what: `the query is ${query}`, query };
  if (route.isKeyed === true) {
    yield { what: "no request key", key: null };
    yield { what: "an endless request key", key: "k".repeat(101) };
  }
  if (route.body === undefined) return;
  for (const body of ["", "{", "null", "1", "[1]", '{"__proto__":{}}']) {
    yield { what: `the body is ${JSON.stringify(body)}`, body };
  }
  yield* badFields(route);
}

const services = Object.entries(serviceRoutes).flatMap(([system, byService]) =>
  Object.entries(byService).map(([service, routes]) => ({ system, service, routes })),
);

test.each(services)(
  "$service of $system answers nonsense with a 4xx that tells what is wrong",
  async ({ system, service, routes }) => {
    const build = referenceSystems.get(system);
    if (build === undefined) throw new Error(`there is no system ${system}`);
    const wrong: unknown[] = [];
    let asked = 0;
    await simulate(build(), async (simulated) => {
      for (const route of routes) {
        for (const nonsense of nonsenseFor(route)) {
          const { status, code, message } = await send(simulated, service, route, nonsense);
          asked++;
          const isClear = typeof code === "string" && typeof message === "string";
          const isRefused = status >= 400 && status < 500 && isClear;
          const isFine = nonsense.isPerhapsGood === true && status < 500;
          if (!isRefused && !isFine) {
            wrong.push([route.method, route.path, nonsense.what, status, code]);
          }
        }
      }
      // The same requests without the nonsense get through: it was that which was refused.
      for (const route of routes) {
        const query = route.path === "/search" ? "?word=ink" : "";
        const { status, code } = await send(simulated, service, route, { query });
        if (status >= 500 || String(code).startsWith("bad-"))
          wrong.push([route.method, route.path, status, code]);
      }
    });
    expect(wrong).toEqual([]);
    if (routes.some(({ path, body }) => body !== undefined || path.includes("{id}"))) {
      expect(asked).toBeGreaterThan(4);
    }
  },
);

test("no route of a service is forgotten", () => {
  const folder = new URL("../../../reference-impl/services/", import.meta.url).pathname;
  const known = services.flatMap(({ routes }) => routes.map(({ method, path }) => `${method} ${path}`));
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const declared = files.flatMap((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    return [...text.matchAll(/app\.(get|post|put|patch|delete)\(\s*["`](\/[^"`]*)["`]/g)].map(
      ([, method = "", path = ""]) => `${method.toUpperCase()} ${path}`,
    );
  });
  expect(declared.length).toBeGreaterThan(30);
  const missing = declared.filter((route) => {
    const form = new RegExp(`^${route.replaceAll(/:\w+|\$\{[^}]*\}/g, "[^/]+")}$`);
    return !known.some((one) => form.test(one));
  });
  expect(missing).toEqual([]);
});
