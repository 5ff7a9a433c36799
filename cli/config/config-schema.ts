import * as v from "valibot";
import { addressProblem, type ExternalKind } from "../../harness/real/substrate/external-addresses.ts";
import { substrateNames } from "../../harness/real/substrate/substrate.ts";
import { SEED_MAX } from "../parse-options.ts";
import type { FaultlineConfig } from "./define-config.ts";

const text = v.pipe(v.string(), v.nonEmpty("expected a text that is not empty"));
const texts = v.array(v.string());
const types = v.pipe(texts, v.nonEmpty("expected at least one type of anomaly"));
const fn = v.function();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
// The engine says what else is wrong with it; here it only must not be taken for something else.
const imageName = v.pipe(v.string(), v.regex(/^[a-z0-9][\w.:/@-]*$/, "expected the name of an image"));
const range = v.looseObject({ min: count, max: count });

const formSchema = v.looseObject({
  name: v.pipe(
    v.string(),
    v.regex(
      /^(hardened|textbook|defect:[a-z0-9]+(-[a-z0-9]+)*)$/,
      'expected "hardened", "textbook" or "defect:<name>"',
    ),
  ),
  summary: text,
  needs: v.string(),
  expects: v.array(v.looseObject({ checker: text, types })),
  flaws: v.optional(
    v.pipe(
      v.array(
        v.looseObject({
          flaw: text,
          checker: text,
          types,
          isSeenIn: v.optional(fn),
        }),
      ),
      v.nonEmpty("expected at least one flaw, or no list"),
    ),
  ),
  system: fn,
});

const scenarioSchema = v.looseObject({
  name: v.pipe(v.string(), v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "expected a name in kebab-case")),
  claim: text,
  notTested: texts,
  patterns: texts,
  forms: v.pipe(v.array(formSchema), v.nonEmpty("expected at least one form")),
  workload: v.looseObject({
    clients: range,
    operationsPerClient: range,
    thinkMsMax: count,
    preparation: v.array(v.unknown()),
    finalReads: fn,
    invocation: fn,
    perform: fn,
  }),
  faults: v.array(v.looseObject({ fault: v.looseObject({ name: text, parse: fn, inject: fn }) })),
  faultsMax: count,
  checkers: v.pipe(
    v.array(v.looseObject({ name: text, claim: text, check: fn })),
    v.nonEmpty("expected at least one checker"),
  ),
  limits: v.looseObject({ loadMs: count, settleMs: count, callTimeoutMs: count }),
});

const imagesSchema = v.strictObject({
  toxiproxy: v.optional(imageName),
  postgres: v.optional(imageName),
  redis: v.optional(imageName),
  kafka: v.optional(imageName),
  mongodb: v.optional(imageName),
});

const addressOf = (kind: ExternalKind) =>
  v.optional(
    v.pipe(
      v.string(),
      v.check(
        (address) => addressProblem(kind, address) === null,
        // Not the address itself: it may hold a password.
        ({ input }) => addressProblem(kind, input) ?? "",
      ),
    ),
  );

const externalSchema = v.strictObject({
  postgres: addressOf("postgres"),
  postgresReplica: addressOf("postgres"),
  mongodb: addressOf("mongodb"),
  redis: addressOf("redis"),
  kafka: addressOf("kafka"),
});

const configSchema = v.strictObject({
  scenarios: v.optional(v.array(scenarioSchema)),
  builtIn: v.optional(v.boolean()),
  seed: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(SEED_MAX))),
  runs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  out: v.optional(text),
  workers: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256))),
  substrate: v.optional(v.picklist(substrateNames)),
  docker: v.optional(v.strictObject({ images: v.optional(imagesSchema) })),
  external: v.optional(externalSchema),
});

/** A configuration, or each thing that is wrong with it as `field: what was expected`. */
export type ParsedConfig =
  | { readonly ok: true; readonly config: FaultlineConfig }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Checks what a configuration file exports. Functions are checked to be functions, not run. */
export function parseConfig(value: unknown): ParsedConfig {
  const result = v.safeParse(configSchema, value);
  // The schema does not change the value; the original keeps its types and its methods.
  if (result.success) return { ok: true, config: value as FaultlineConfig };
  return { ok: false, problems: result.issues.map(describeIssue) };
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue) ?? "default export";
  if (issue.expected === "never") return `${field}: there is no such field`;
  if (issue.received === "undefined") return `${field}: it is missing`;
  return `${field}: ${issue.message.replace(/^Invalid (\w+): E/, "e")}`;
}
