import { fieldOf } from "../../history/json-value.ts";
import type { Json } from "../../history/operation.ts";
import type { LinearizabilityModel } from "../linearizability-model.ts";

/** By account, in the order of names: what it has, or what it got more than at the start, and the least of that so far. */
interface BankState {
  /** Are balances known? Not before the first read, unless they were given. */
  readonly isKnown: boolean;
  readonly accounts: readonly (readonly [name: string, amount: number, least: number])[];
}

/**
 * Accounts with balances, all one object: `read` answers all of them as `{"account": balance, …}`, `transfer`
 * of `{from, to, amount}` moves money. An account that a read does not show has nothing. `initial`: the
 * balances at the start; what the first read shows unless given. An account below zero is refused unless
 * `negativeBalances`.
 */
export function bankModel(
  initial: Json | undefined,
  negativeBalances: boolean,
): LinearizabilityModel<BankState> {
  const given = initial === undefined || initial === null ? null : balancesOf(initial);
  if (given === null && (initial ?? null) !== null) {
    throw new RangeError("the model bank begins with an object of accounts and balances");
  }
  const start: BankState =
    given === null
      ? { isKnown: false, accounts: [] }
      : { isKnown: true, accounts: given.map(([name, amount]) => [name, amount, 0]) };
  return {
    name: "bank",
    functions: ["read", "transfer"],
    reads: ["read"],
    isKeyed: false,
    init: () => start,
    hash,
    equal: isSame,
    describe: ({ isKnown, accounts }) => {
      const amounts = JSON.stringify(Object.fromEntries(accounts.map(([name, amount]) => [name, amount])));
      return isKnown ? amounts : `the start and then ${amounts}`;
    },
    expected: ({ f, input, output, isAnswered }) => {
      if (f === "read") {
        return isAnswered && balancesOf(output) === null ? '{"account":balance,…}' : null;
      }
      return transferOf(input) === null ? '{"from":account,"to":account,"amount":number}' : null;
    },
    effect: ({ f, input }) => (f === "transfer" ? input : undefined),
    step: (state, { f, input, output, isAnswered }) => {
      if (f === "read") return isAnswered ? afterRead(state, output, negativeBalances) : state;
      const next = afterTransfer(state, input, negativeBalances);
      return next === undefined && !isAnswered ? state : next;
    },
  };
}

type Balance = readonly [name: string, amount: number];

function balancesOf(value: Json | undefined): readonly Balance[] | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const balances: Balance[] = [];
  for (const [name, amount] of Object.entries(value)) {
    if (typeof amount !== "number") return null;
    balances.push([name, amount]);
  }
  return balances.sort(([a], [b]) => (a < b ? -1 : 1));
}

function transferOf(value: Json | undefined): { from: string; to: string; amount: number } | null {
  const [from, to, amount] = ["from", "to", "amount"].map((field) => fieldOf(value, field));
  if (!isName(from) || !isName(to) || typeof amount !== "number") return null;
  return { from: String(from), to: String(to), amount };
}

function isName(value: Json | undefined): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

function afterRead(
  state: BankState,
  output: Json | undefined,
  negativeBalances: boolean,
): BankState | undefined {
  const shown = new Map(balancesOf(output) ?? []);
  if (state.isKnown) {
    let left = 0;
    for (const amount of shown.values()) if (amount !== 0) left++;
    for (const [name, amount] of state.accounts) {
      if ((shown.get(name) ?? 0) !== amount) return undefined;
      if (amount !== 0) left--;
    }
    return left === 0 ? state : undefined;
  }
  for (const [name, amount, least] of state.accounts) {
    if (!negativeBalances && (shown.get(name) ?? 0) - amount + least < 0) return undefined;
    if (!shown.has(name)) shown.set(name, 0);
  }
  const names = [...shown.keys()].sort();
  return { isKnown: true, accounts: names.map((name) => [name, shown.get(name)!, 0]) };
}

function afterTransfer(
  state: BankState,
  input: Json | undefined,
  negativeBalances: boolean,
): BankState | undefined {
  const transfer = transferOf(input);
  if (transfer === null) return undefined;
  const { from, to, amount } = transfer;
  if (from === to) return state;
  const accounts = new Map(state.accounts.map((account) => [account[0], account]));
  for (const [name, change] of [
    [from, -amount],
    [to, amount],
  ] as const) {
    const [, before, least] = accounts.get(name) ?? [name, 0, 0];
    const after = before + change;
    accounts.set(name, [name, after, state.isKnown ? 0 : Math.min(least, after)]);
  }
  if (state.isKnown && !negativeBalances && isOverdrawn(accounts, [from, to])) {
    return undefined;
  }
  const sorted = [...accounts.values()].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return { isKnown: state.isKnown, accounts: sorted };
}

function isOverdrawn(
  accounts: ReadonlyMap<string, readonly [string, number, number]>,
  names: readonly string[],
): boolean {
  return names.some((name) => accounts.get(name)![1] < 0);
}

function hash({ isKnown, accounts }: BankState): number {
  let sum = isKnown ? 1 : 0;
  for (const [, amount, least] of accounts) sum = (Math.imul(sum, 31) + amount * 8 + least) | 0;
  return sum;
}

function isSame(a: BankState, b: BankState): boolean {
  if (a === b) return true;
  if (a.isKnown !== b.isKnown || a.accounts.length !== b.accounts.length) return false;
  return a.accounts.every(([name, amount, least], at) => {
    const other = b.accounts[at]!;
    return name === other[0] && amount === other[1] && least === other[2];
  });
}
