import * as v from "valibot";

const verdictSchema = v.picklist(["valid", "invalid", "unknown"]);
const failureSchema = v.nullable(v.object({ code: v.string(), message: v.string() }));
const anomalySchema = v.object({
  type: v.string(),
  operations: v.pipe(v.array(v.number()), v.minLength(1)),
  proof: v.string(),
});

const measureKind = {
  unit: v.picklist(["ms", "events", "part", "count"]),
  worse: v.picklist(["high", "low"]),
};
const measureSchema = v.object({
  ...measureKind,
  name: v.string(),
  of: v.optional(v.string()),
  value: v.number(),
});

/** A line of `results.ndjson`: a `RunRecord`. Fields beyond these are kept. */
export const recordSchema: v.GenericSchema = v.object({
  scenario: v.string(),
  form: v.string(),
  lane: v.picklist(["sim", "real"]),
  seed: v.number(),
  verdict: verdictSchema,
  failure: failureSchema,
  checkers: v.array(
    v.object({
      checker: v.string(),
      verdict: verdictSchema,
      reason: v.nullable(v.string()),
      anomalies: v.array(anomalySchema),
      operations: v.number(),
      measures: v.optional(v.array(measureSchema)),
      measuresOmitted: v.optional(v.number()),
    }),
  ),
  flaws: v.optional(v.array(v.number())),
  operations: v.number(),
  faults: v.number(),
  historyHash: v.string(),
  components: v.optional(v.array(v.string())),
  eventLogHash: v.nullable(v.string()),
  virtualMs: v.number(),
});

/** The `story.json` of a story. */
export const storySchema: v.GenericSchema = v.object({
  format: v.literal("faultline-story"),
  version: v.literal(1),
  claim: v.string(),
  formSummary: v.string(),
  formNeeds: v.string(),
  notTested: v.array(v.string()),
  withoutFaults: v.optional(v.array(v.string())),
  token: v.nullable(v.string()),
  record: recordSchema,
});
const scenariosSchema = v.array(
  v.object({ scenario: v.string(), claim: v.string(), notTested: v.array(v.string()) }),
);

/** The `run.json` of a run folder: a `RunManifest`. */
export const manifestSchema: v.GenericSchema = v.object({
  format: v.literal("faultline-run"),
  version: v.literal(1),
  lane: v.picklist(["sim", "real"]),
  seed: v.number(),
  singleForm: v.boolean(),
  withoutFaults: v.optional(v.array(v.string())),
  config: v.optional(v.string()),
  scenarios: scenariosSchema,
  tasks: v.array(
    v.object({
      scenario: v.string(),
      form: v.string(),
      expects: v.array(v.string()),
      flaws: v.optional(v.array(v.object({ flaw: v.string(), expects: v.array(v.string()) }))),
      runs: v.number(),
    }),
  ),
});

const measureSummarySchema = v.object({
  ...measureKind,
  checker: v.string(),
  measure: v.string(),
  runs: v.number(),
  values: v.number(),
  median: v.number(),
  p95: v.number(),
  worst: v.number(),
  worstOf: v.optional(v.string()),
  worstSeed: v.number(),
  worstToken: v.nullable(v.string()),
  spread: v.array(v.object({ upTo: v.number(), values: v.number() })),
});

/** The `verdict.json` of a run folder: a `SuiteRecord`. */
export const suiteSchema: v.GenericSchema = v.object({
  format: v.literal("faultline-suite"),
  version: v.literal(1),
  verdict: verdictSchema,
  lane: v.picklist(["sim", "real"]),
  substrate: v.optional(v.string()),
  components: v.optional(v.array(v.string())),
  singleForm: v.optional(v.literal(true)),
  config: v.optional(v.string()),
  seed: v.number(),
  complete: v.boolean(),
  wallMs: v.number(),
  scenarios: scenariosSchema,
  summary: v.array(
    v.object({
      scenario: v.string(),
      form: v.string(),
      expects: v.array(v.string()),
      judgement: v.picklist(["as-expected", "anomaly", "got-away", "unknown", "failed"]),
      seeds: v.number(),
      valid: v.number(),
      invalid: v.number(),
      unknown: v.number(),
      operations: v.number(),
      wallMs: v.number(),
      seedsToFirstAnomaly: v.nullable(v.number()),
      token: v.nullable(v.string()),
      smallest: v.nullable(v.object({ operations: v.number(), faults: v.number() })),
      anomalies: v.array(v.object({ checker: v.string(), type: v.string(), count: v.number() })),
      flaws: v.optional(
        v.array(
          v.object({
            flaw: v.string(),
            expects: v.array(v.string()),
            runs: v.number(),
            firstRun: v.nullable(v.number()),
            firstSeed: v.nullable(v.number()),
          }),
        ),
      ),
      measures: v.optional(v.array(measureSummarySchema)),
      measuresOmitted: v.optional(v.number()),
      reasons: v.array(v.string()),
      reasonCounts: v.optional(v.array(v.object({ reason: v.string(), runs: v.number() }))),
      failure: failureSchema,
      story: v.nullable(v.string()),
    }),
  ),
});
