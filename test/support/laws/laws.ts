import type { Law } from "./law.ts";
import { otherNames, otherValues } from "./rename.law.ts";
import { blameByKey, dropLater, knowLess, sameAnomaly, shift, splitByKey, swap } from "./rows.law.ts";
import { blameWithOthers, failingSessions, otherFunctions, otherKeys } from "./unrelated.law.ts";

/** Every law. */
export const laws: readonly Law[] = [
  otherNames,
  otherValues,
  blameWithOthers,
  otherKeys,
  otherFunctions,
  failingSessions,
  blameByKey,
  splitByKey,
  dropLater,
  sameAnomaly,
  shift,
  swap,
  knowLess,
];
