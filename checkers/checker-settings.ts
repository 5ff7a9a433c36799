import type { Json } from "./history/operation.ts";

/** How the text of a setting is read. */
type SettingKind = "number" | "flag" | "text" | "names" | "json";

/**
 * What each checker can be told in a word or a number, by the names of its options. Options that are functions or tables
 * are told in code only.
 */
const settings: ReadonlyMap<string, Readonly<Record<string, SettingKind>>> = new Map<
  string,
  Readonly<Record<string, SettingKind>>
>([
  ["activity", { minOk: "number", faultsMustBite: "flag" }],
  [
    "availability",
    {
      functions: "names",
      answeredCodes: "names",
      minOkOutside: "number",
      minOkDuring: "number",
      maxOutageMs: "number",
      recoverWithinMs: "number",
      graceMs: "number",
    },
  ],
  ["bounded-staleness", { boundMs: "number" }],
  ["cache-staleness", { maxStalenessMs: "number" }],
  [
    "delivery",
    {
      consumers: "names",
      order: "text",
      publications: "flag",
      exactlyOncePublish: "flag",
      inspected: "names",
    },
  ],
  ["linearizability", { initial: "json", refusedCasTells: "flag", negativeBalances: "flag" }],
  ["lock-safety", { marginMs: "number" }],
  ["optimistic-lock", { conflictCodes: "names", createdVersion: "number" }],
  [
    "outgoing-calls",
    { attemptsMax: "number", callMsMax: "number", failuresMax: "number", windowMs: "number" },
  ],
  [
    "projection",
    {
      maxLagMs: "number",
      maxUndisturbedLagMs: "number",
      maxLagEvents: "number",
      acrossSessions: "flag",
    },
  ],
  [
    "rw-register",
    {
      sequentialKeys: "flag",
      linearizableKeys: "flag",
      wfrKeys: "flag",
      searchedTransactions: "number",
    },
  ],
  ["saga-atomicity", { steps: "names", order: "text", inspected: "names" }],
]);

/** The settings of a checker by name, besides `maxAnomalies`, which all but activity have. */
export function settingsOf(checker: string): readonly string[] {
  return Object.keys(settings.get(checker) ?? {});
}

/**
 * Reads the text of a setting: a number, `true` or `false`, a text, names with commas between them, a JSON value.
 * @throws RangeError where the checker has no such setting, or the text is no such thing.
 */
export function settingValue(checker: string, name: string, text: string): Json {
  const known = settings.get(checker) ?? {};
  const kind = Object.hasOwn(known, name) ? known[name] : undefined;
  if (kind === undefined) {
    const names = settingsOf(checker).join(", ") || "none";
    throw new RangeError(`checker ${checker} has no setting "${name}"; it has: ${names}`);
  }
  const wrong = (expected: string): RangeError =>
    new RangeError(`setting ${name} of checker ${checker}: expected ${expected}, found "${text}"`);
  if (kind === "number") {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!Number.isFinite(value)) throw wrong("a number");
    return value;
  }
  if (kind === "flag") {
    if (text !== "true" && text !== "false") throw wrong("true or false");
    return text === "true";
  }
  if (kind === "names") {
    const names = text.split(",").map((one) => one.trim());
    if (names.includes("")) throw wrong("names with commas between them");
    return names;
  }
  if (kind === "text") return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw wrong("a JSON value");
  }
}
