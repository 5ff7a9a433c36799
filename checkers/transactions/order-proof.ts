import type { OrderRule, OrderRules, OrderStep } from "./order-rules.ts";

/** Cases that a proof may have; one with more is not told. */
const casesAtMost = 24;

/**
 * Tells why nothing that the rules allow is an order: what follows without a choice, and where there is a
 * choice both cases, down to a cycle in each. null: there would be too many cases. For a few transactions.
 */
export function orderProof(rules: OrderRules): string | null {
  return new CaseProof(rules).tell(rules.steps, "");
}

/** What is known in a case, or a cycle in it. */
type Closed =
  | { readonly kind: "open"; readonly known: readonly OrderStep[] }
  | { readonly kind: "cycle"; readonly cycle: readonly OrderStep[] };

class CaseProof {
  readonly #rules: OrderRules;
  #cases = 0;

  constructor(rules: OrderRules) {
    this.#rules = rules;
  }

  tell(known: readonly OrderStep[], label: string): string | null {
    const closed = this.#close(known);
    if (closed.kind === "cycle") return ++this.#cases > casesAtMost ? null : this.#tellCycle(closed.cycle);
    const rule = this.#bestRule(closed.known);
    if (rule === null) return null;
    const { nameOf } = this.#rules;
    const [one, two] = [assumption(rule, false), assumption(rule, true)];
    const supposing = (step: OrderStep): OrderStep[] => [...closed.known, { ...step, words: "as supposed" }];
    const first = this.tell(supposing(one), `${label}1.`);
    const second = first === null ? null : this.tell(supposing(two), `${label}2.`);
    if (first === null || second === null) return null;
    const say = ({ from, to, words }: OrderStep): string =>
      `suppose that ${nameOf(from)} comes before ${nameOf(to)} (${words})`;
    return `Case ${label}1: ${say(one)}. ${first} Case ${label}2, the only other one: ${say(two)}. ${second}`;
  }

  /** Concludes all that follows without a choice. */
  #close(start: readonly OrderStep[]): Closed {
    const known = [...start];
    const last = known.at(-1);
    const back = last === undefined ? null : way(known, last.to, last.from);
    if (last !== undefined && back !== null) return { kind: "cycle", cycle: [last, ...back] };
    for (let isNew = true; isNew; ) {
      isNew = false;
      for (const rule of this.#rules.rules) {
        if (holds(known, rule)) continue;
        const bar = way(known, rule.to, rule.from);
        const step = bar === null ? otherStep(known, rule) : { ...assumption(rule, true), because: bar };
        if (step === null) continue;
        known.push(step);
        isNew = true;
        const cycle = way(known, step.to, step.from);
        if (cycle !== null) return { kind: "cycle", cycle: [step, ...cycle] };
      }
    }
    return { kind: "open", known };
  }

  /** The rule of which both cases end at once, or one, or else any that is open. */
  #bestRule(known: readonly OrderStep[]): OrderRule | null {
    let best: OrderRule | null = null;
    let most = -1;
    for (const rule of this.#rules.rules) {
      if (holds(known, rule)) continue;
      const ends = [false, true].filter(
        (isOther) => this.#close([...known, assumption(rule, isOther)]).kind === "cycle",
      ).length;
      if (ends > most) [best, most] = [rule, ends];
      if (ends === 2) break;
    }
    return best;
  }

  #tellCycle(cycle: readonly OrderStep[]): string {
    const { nameOf } = this.#rules;
    const told: string[] = [];
    const isTold = new Set<OrderStep>();
    const conclude = (step: OrderStep): void => {
      if (isTold.has(step)) return;
      isTold.add(step);
      for (const before of step.because) conclude(before);
      if (step.because.length === 0) return;
      told.push(
        `${upperFirst(nameOf(step.from))} comes before ${nameOf(step.to)}: ${step.words}; the other way round is not possible, ` +
          `for ${this.#chain(step.because)}. `,
      );
    };
    for (const step of cycle) conclude(step);
    return `${told.join("")}So ${this.#chain(cycle)}: a cycle.`;
  }

  /** `T1 comes before T2 (why), T2 before T3 (why)`. */
  #chain(steps: readonly OrderStep[]): string {
    const { nameOf } = this.#rules;
    return steps
      .filter(({ words }) => words !== "")
      .map(({ from, to, words, because }) => {
        const why = because.length > 0 ? "as shown" : words;
        return `${nameOf(from)} comes before ${nameOf(to)} (${why})`;
      })
      .join(", ");
  }
}

function upperFirst(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function assumption(rule: OrderRule, isOther: boolean): OrderStep {
  return isOther
    ? { from: rule.otherFrom, to: rule.otherTo, words: rule.otherWords, because: [] }
    : { from: rule.from, to: rule.to, words: rule.words, because: [] };
}

function otherStep(known: readonly OrderStep[], rule: OrderRule): OrderStep | null {
  const bar = way(known, rule.otherTo, rule.otherFrom);
  return bar === null ? null : { ...assumption(rule, false), because: bar };
}

/** Does one of the two possibilities follow from what is known? */
function holds(known: readonly OrderStep[], { from, to, otherFrom, otherTo }: OrderRule): boolean {
  return way(known, from, to) !== null || way(known, otherFrom, otherTo) !== null;
}

/** A shortest way along steps from one event to another one; null where there is none. */
function way(known: readonly OrderStep[], from: number, to: number): OrderStep[] | null {
  const by = new Map<number, OrderStep>();
  const queue = [from];
  for (const event of queue) {
    for (const step of known) {
      if (step.from !== event || by.has(step.to)) continue;
      by.set(step.to, step);
      if (step.to !== to) {
        queue.push(step.to);
        continue;
      }
      const found: OrderStep[] = [];
      for (let at = to; at !== from || found.length === 0; at = found[0]!.from) found.unshift(by.get(at)!);
      return found;
    }
  }
  return null;
}
