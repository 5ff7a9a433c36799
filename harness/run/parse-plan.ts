import * as v from "valibot";
import type { Json } from "../../checkers/history/operation.ts";
import { FaultlineError } from "../faultline-error.ts";
import { faults as knownFaults } from "../faults/index.ts";
import { type Lane, lanes } from "../record/lane.ts";
import { faultNamed } from "./fault-schedule.ts";
import type { Plan } from "./plan.ts";

/** A plan with the scenario and form that it is for: the content of `plan.json`. */
export interface PlanFile {
  readonly format: "faultline-plan";
  readonly version: 1;
  readonly scenario: string;
  readonly form: string;
  /** Where it ran; absent: in the sim lane. */
  readonly lane?: Lane | undefined;
  /** The seed that it was drawn from; for people. */
  readonly seed: number;
  /** Faults that were left out when it was drawn. */
  readonly withoutFaults?: readonly string[] | undefined;
  readonly plan: Plan;
}

/** The version of plan files that is written and read. */
export const PLAN_VERSION = 1;

const OPERATIONS_MAX = 100_000;
const nat = v.pipe(v.number(), v.safeInteger("a whole number"), v.minValue(0));
const json: v.GenericSchema<Json> = v.custom<Json>((value) => value !== undefined, "a JSON value");

const planSchema: v.GenericSchema<Plan> = v.strictObject({
  clients: v.pipe(
    v.array(
      v.pipe(v.array(v.strictObject({ call: json, thinkMs: nat, salt: nat })), v.maxLength(OPERATIONS_MAX)),
    ),
    v.maxLength(1000),
  ),
  faults: v.pipe(
    v.array(
      v.strictObject({
        fault: v.string(),
        params: json,
        afterInvocations: nat,
        delayUs: nat,
        forMs: nat,
      }),
    ),
    v.maxLength(1000),
  ),
  schedule: v.strictObject({ seed: nat, latencyMaxUs: nat }),
});

const fileSchema: v.GenericSchema<PlanFile> = v.strictObject({
  format: v.literal("faultline-plan"),
  version: v.literal(PLAN_VERSION),
  scenario: v.string(),
  form: v.string(),
  lane: v.optional(v.picklist(lanes)),
  seed: nat,
  withoutFaults: v.optional(v.pipe(v.array(v.string()), v.maxLength(100))),
  plan: planSchema,
});

/**
 * Reads a plan file. Throws `bad-plan`, naming the file, the field, what was expected and what came;
 * faults and their parameters are checked too.
 */
export function parsePlanFile(text: string, file: string): PlanFile {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw badPlan(file, `is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const result = v.safeParse(fileSchema, data);
  if (!result.success) {
    throw badPlan(file, describeIssue(result.issues[0]));
  }
  const { faults } = result.output.plan;
  for (const { fault, params } of faults) faultNamed(knownFaults, fault).parse(params);
  return result.output;
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const field = `field "${pathOf(issue) ?? "the whole file"}"`;
  if (issue.expected === "never") return `${field}: there is no such field`;
  if (issue.received === "undefined") return `${field}: it is missing`;
  return `${field}: expected ${issue.expected ?? issue.message}, found ${issue.received}`;
}

/** As people and jq write it: `plan.clients[0][3].call`. */
function pathOf(issue: v.BaseIssue<unknown>): string | undefined {
  return v.getDotPath(issue)?.replace(/\.(\d+)(?=\.|$)/g, "[$1]");
}

function badPlan(file: string, what: string): FaultlineError {
  return new FaultlineError(
    "usage",
    "bad-plan",
    `The plan file ${file} cannot be read: ${what}.`,
    "Use the plan.json of a story in a run folder as a pattern.",
  );
}
