import * as v from "valibot";
import { FaultlineError } from "../faultline-error.ts";

/** The name of a node in a plan. */
export const nodeName: v.StringSchema<undefined> = v.string();

/** How many messages a fault hits, 1 to 1,000. */
export const messageCount: v.GenericSchema<number> = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(1),
  v.maxValue(1000),
);

/** A set of nodes in a plan, 1 to 100 names. */
export const nodeNames: v.GenericSchema<readonly string[]> = v.pipe(
  v.array(nodeName),
  v.minLength(1),
  v.maxLength(100),
);

/** How long something takes, 0 to ten minutes. */
export const durationMs: v.GenericSchema<number> = v.pipe(v.number(), v.minValue(0), v.maxValue(600_000));

/** Reads the parameters of a fault by a schema. Throws `bad-plan`, naming the field. */
export function parseParams<Params>(fault: string, schema: v.GenericSchema<Params>, params: unknown): Params {
  const result = v.safeParse(schema, params);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const field = v.getDotPath(issue) ?? "params";
  throw new FaultlineError(
    "usage",
    "bad-plan",
    `Fault "${fault}", field "${field}": expected ${issue.expected ?? "something else"}, found ${issue.received}.`,
    "Correct the plan file, or run the scenario again to write a new one.",
  );
}
