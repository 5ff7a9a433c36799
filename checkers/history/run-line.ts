import { excerptOfValue } from "./excerpt.ts";
import type { HistoryHeader } from "./history.ts";
import {
  type ForeignFields,
  indexOf,
  type LineDefaults,
  timeOf,
  wrongType,
  wrongValue,
} from "./history-line.ts";
import type { FaultEvent, Json, PhaseEvent, PhaseName, RecordEvent } from "./operation.ts";
import type { LineProblem } from "./read-error.ts";

/** What the `format` field of a header says. */
export const historyFormat = "faultline-history";

/** The version of the format that is written, and the only one that is read. */
export const historyVersion = 1;

const phaseNames: ReadonlySet<string> = new Set<PhaseName>([
  "start",
  "load",
  "heal",
  "settle",
  "final-reads",
]);

/** A line with a `format` field as a header, or what is wrong with it. Unknown fields are ignored. */
export function headerOf(fields: ForeignFields): HistoryHeader | LineProblem {
  const { format, version, scenario, form, lane, components, seed, token, plan } = fields;
  if (format !== historyFormat) {
    return wrongValue("format", `"${historyFormat}"`, format, "leave the header out of foreign files");
  }
  if (version !== historyVersion) {
    return {
      code: version === undefined ? "missing-field" : "unsupported-version",
      field: "version",
      expected: String(historyVersion),
      found: excerptOfValue(version),
      hint: `this faultline reads version ${historyVersion} of the format`,
    };
  }
  for (const [name, value] of Object.entries({ scenario, form, lane, token })) {
    if (value !== undefined && typeof value !== "string")
      return wrongType(name, "a string", value, "see docs");
  }
  if (components !== undefined && !isTexts(components)) {
    return wrongType("components", "a list of strings", components, "see docs");
  }
  if (seed !== undefined && typeof seed !== "number") return wrongType("seed", "a number", seed, "see docs");
  return {
    format,
    version,
    ...(scenario === undefined ? {} : { scenario: scenario as string }),
    ...(form === undefined ? {} : { form: form as string }),
    ...(lane === undefined ? {} : { lane: lane as string }),
    ...(components === undefined ? {} : { components }),
    ...(seed === undefined ? {} : { seed }),
    ...(token === undefined ? {} : { token: token as string }),
    ...(plan === undefined ? {} : { plan: plan as Json }),
  };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

/** A line of the type `fault`, or what is wrong with it. */
export function faultOf(fields: ForeignFields, defaults: LineDefaults): FaultEvent | LineProblem {
  const { id, fault, event, target, bites } = fields;
  const index = indexOf(fields, defaults);
  if (typeof index !== "number") return index;
  const time = timeOf(fields, defaults);
  if (typeof time !== "number") return time;
  const joins = "it joins the lines inject and heal of one fault";
  if (typeof id !== "number" || !Number.isSafeInteger(id))
    return wrongType("id", "a whole number", id, joins);
  if (typeof fault !== "string") return wrongType("fault", "a string", fault, 'such as "link-partition"');
  if (event !== "inject" && event !== "heal") {
    return wrongValue("event", '"inject" or "heal"', event, "what happened to the fault");
  }
  if (typeof target !== "string") return wrongType("target", "a string", target, "what was hit, in words");
  const common = { index, time, type: "fault", id, fault, event, target } as const;
  if (bites === undefined || bites === null) return common;
  if (typeof bites !== "number" || !Number.isSafeInteger(bites) || bites < 0) {
    return wrongType("bites", "a whole number from 0", bites, "how often the fault touched something");
  }
  return { ...common, bites };
}

/** A line of the type `record`, or what is wrong with it. */
export function recordOf(fields: ForeignFields, defaults: LineDefaults): RecordEvent | LineProblem {
  const { f, key, node, value, final } = fields;
  const index = indexOf(fields, defaults);
  if (typeof index !== "number") return index;
  const time = timeOf(fields, defaults);
  if (typeof time !== "number") return time;
  if (typeof f !== "string" || f === "") return wrongType("f", "the kind of record", f, 'such as "effect"');
  if (typeof key !== "string" && typeof key !== "number") {
    return wrongType("key", "a string or a number", key, "the one thing that the record is about");
  }
  if (node !== undefined && node !== null && typeof node !== "string") {
    return wrongType("node", "a string", node, "the service or store that it was seen at");
  }
  if (final !== undefined && final !== null && typeof final !== "boolean") {
    return wrongType("final", "true or false", final, "true marks what the stores held at the very end");
  }
  return {
    index,
    time,
    type: "record",
    f,
    key: String(key),
    ...(typeof node === "string" ? { node } : {}),
    ...(value === undefined ? {} : { value: value as Json }),
    ...(final === true ? { final } : {}),
  };
}

/** A line of the type `phase`, or what is wrong with it. */
export function phaseOf(fields: ForeignFields, defaults: LineDefaults): PhaseEvent | LineProblem {
  const { phase } = fields;
  const index = indexOf(fields, defaults);
  if (typeof index !== "number") return index;
  const time = timeOf(fields, defaults);
  if (typeof time !== "number") return time;
  if (typeof phase !== "string" || !phaseNames.has(phase)) {
    return wrongValue("phase", [...phaseNames].join(", "), phase, "the phase of the run that begins here");
  }
  return { index, time, type: "phase", phase: phase as PhaseName };
}
