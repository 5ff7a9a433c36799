import { type FunctionNames, functionRoles } from "../history/function-roles.ts";
import { FAIL, type History, INVOKE } from "../history/history.ts";

/** Names of the functions that tell what a key is, where they differ from the default (the field's own name). */
export interface StateFunctions {
  readonly read?: FunctionNames;
  /** Versioned entity. */
  readonly create?: FunctionNames;
  /** Versioned entity. */
  readonly update?: FunctionNames;
  readonly delete?: FunctionNames;
  /** Register: stores a value whatever was there. */
  readonly write?: FunctionNames;
  /** Register: stores the second of two values if the first was there. */
  readonly cas?: FunctionNames;
  /** Set: adds one element. */
  readonly add?: FunctionNames;
}

/** Role of a function that returns the state. */
export const READ = 0;
/** Role of a function that brings a versioned entity into being. */
export const CREATE = 1;
/** Role of a function that changes a versioned entity. */
export const UPDATE = 2;
/** Role of a function that takes the state away. */
export const DELETE = 3;
/** Role of a function that stores a value in a register. */
export const WRITE = 4;
/** Role of a function that stores a value in a register if another was there. */
export const CAS = 5;
/** Role of a function that adds an element to a set. */
export const ADD = 6;

/** For each function of the history its role, −1 where it has none. */
export function stateRoles(history: History, functions: StateFunctions | undefined): Int8Array {
  return functionRoles(history, [
    functions?.read ?? "read",
    functions?.create ?? "create",
    functions?.update ?? "update",
    functions?.delete ?? "delete",
    functions?.write ?? "write",
    functions?.cas ?? "cas",
    functions?.add ?? "add",
  ]);
}

/** What a key is, told by the functions that are called on it; `none`: it is only read or deleted. */
export type KeyKind = "versioned" | "register" | "set" | "none" | "mixed";

/** What is called on the keys of a history: position `k + 1` belongs to key `k`, position 0 to no key. */
export interface KeyProfiles {
  /** Bits that {@link kindOf} reads. */
  readonly bits: Uint8Array;
  /** Invocation of the first delete that may have happened; −1. */
  readonly deletedBy: Int32Array;
}

/** Tells what each key is, in one pass in the order of the history. Linear. */
export function keyProfiles(history: History, roles: Int8Array): KeyProfiles {
  const bits = new Uint8Array(history.keys.length + 1);
  const deletedBy = new Int32Array(history.keys.length + 1).fill(-1);
  for (let row = 0; row < history.length; row++) {
    const role = roles[history.f[row]!]!;
    if (role <= READ || history.type[row] !== INVOKE) continue;
    const slot = history.key[row]! + 1;
    bits[slot]! |= bitOfRole[role]!;
    if (role !== DELETE || deletedBy[slot]! >= 0) continue;
    const mate = history.mate[row]!;
    if (mate < 0 || history.type[mate] !== FAIL) deletedBy[slot] = row;
  }
  return { bits, deletedBy };
}

/** What a key is. */
export function kindOf(profiles: KeyProfiles, key: number): KeyKind {
  return kindNames[profiles.bits[key + 1]!] ?? "mixed";
}

/** By role: 1 for a versioned entity, 2 for a register, 4 for a set. */
const bitOfRole: readonly number[] = [0, 1, 1, 0, 2, 2, 4];
const kindNames: readonly (KeyKind | undefined)[] = ["none", "versioned", "register", undefined, "set"];
