import { type FunctionNames, functionRoles } from "../history/function-roles.ts";
import { FAIL, type History } from "../history/history.ts";

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

/** What is called on one key. */
export interface KeyProfile {
  readonly kind: KeyKind;
  /** Invocation of the first delete that may have happened; −1. */
  readonly deletedBy: number;
}

/** Tells what a key is. `rows` are its invocations. Linear. */
export function profileOf(history: History, rows: Int32Array, roles: Int8Array): KeyProfile {
  let kinds = 0;
  let deletedBy = -1;
  for (const row of rows) {
    const role = roles[history.f[row]!]!;
    if (role === CREATE || role === UPDATE) kinds |= 1;
    else if (role === WRITE || role === CAS) kinds |= 2;
    else if (role === ADD) kinds |= 4;
    else if (role === DELETE && deletedBy < 0) {
      const mate = history.mate[row]!;
      if (mate < 0 || history.type[mate] !== FAIL) deletedBy = row;
    }
  }
  return { kind: kindNames[kinds] ?? "mixed", deletedBy };
}

const kindNames: readonly (KeyKind | undefined)[] = ["none", "versioned", "register", undefined, "set"];
