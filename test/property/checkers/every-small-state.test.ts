import { describe, expect, test } from "vitest";
import { durability } from "../../../checkers/durability/durability.checker.ts";
import type { Json } from "../../../checkers/history/operation.ts";
import { readYourWrites } from "../../../checkers/session/read-your-writes.checker.ts";
import type { PossibleCall } from "../../support/every-history.ts";
import { compareStates, type StateSubject } from "../../support/small-states.ts";
import {
  hasValueOrder,
  isDurableEntity,
  isDurableRegister,
  isDurableSet,
} from "../../support/state-oracles.ts";

const write = (value: Json): PossibleCall => ({ f: "write", value, ends: [["ok"], ["fail"]] });
const versioned = (f: string, value: string, ...versions: number[]): PossibleCall => ({
  f,
  ends: [...versions.map((version) => ["ok", { version, value }] as const), ["fail"]],
});
const versions: readonly Json[] = [
  null,
  { version: 1, value: "a" },
  { version: 2, value: "a" },
  { version: 2, value: "b" },
  { version: 3, value: "b" },
];
const seen = (...all: Json[]): PossibleCall => ({
  f: "read",
  ends: all.map((value) => ["ok", value] as const),
});

const subjects: readonly StateSubject[] = [
  {
    name: "read-your-writes of a register",
    checker: readYourWrites(),
    calls: [write(1), write(2), { f: "cas", value: [1, 3], ends: [["ok"]] }, seen(null, 1, 2)],
    length: 6,
    isRight: hasValueOrder,
    types: [],
  },
  {
    name: "durability of a register",
    checker: durability(),
    calls: [write(1), write(2), { f: "cas", value: [1, 3], ends: [["ok"]] }, { f: "delete", ends: [["ok"]] }],
    length: 6,
    shown: [null, 1, 3],
    isRight: isDurableRegister,
    types: ["lost-write", "resurrected-value"],
  },
  {
    name: "durability of a versioned entity",
    checker: durability(),
    calls: [versioned("create", "a", 1), versioned("update", "b", 2, 3)],
    length: 6,
    shown: versions,
    isRight: isDurableEntity,
    types: ["lost-write", "replaced-write"],
  },
  {
    name: "durability of a versioned entity that is deleted",
    checker: durability(),
    isWeaker: true,
    calls: [versioned("create", "a", 1), versioned("update", "b", 2), { f: "delete", ends: [["ok"]] }],
    length: 6,
    shown: versions,
    isRight: isDurableEntity,
    types: ["lost-write", "replaced-write", "resurrected-entity"],
  },
  {
    name: "durability of a set",
    checker: durability(),
    calls: [1, 2].map((value): PossibleCall => ({ f: "add", value, ends: [["ok"], ["fail"]] })),
    length: 6,
    shown: [[], [1], [2], [2, 1], [1, 3]],
    isRight: isDurableSet,
    types: ["lost-element"],
  },
];

describe("says what brute force says of every history of two clients and a final read:", () => {
  test.each(subjects)("$name", (subject) => {
    const tally = compareStates(subject);
    expect(tally.rarerThan(10, ["valid", "invalid", "unknown", ...subject.types])).toEqual([]);
  });
});
