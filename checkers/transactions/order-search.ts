import type { ChoiceOrder } from "./choice-order.ts";
import { type Lesson, OrderLessons, type Reasons } from "./order-lessons.ts";

/** Two relations of which one must hold; `otherFrom` is −1 where the first one must. */
export interface EitherOr {
  readonly from: number;
  readonly to: number;
  readonly otherFrom: number;
  readonly otherTo: number;
  /** The transactions because of which it is so. */
  readonly rule: readonly number[];
}

/** Why a relation must hold, or why something contradicts itself. */
interface Why {
  /** Edges of the order that together make it so, those that are certain included. */
  readonly edges: readonly number[];
  readonly rule: readonly number[] | null;
  readonly lesson: Lesson | null;
}

/**
 * Chooses between relations until they fit into one order. A choice that leads to a contradiction is not just
 * taken back: which choices cannot be together is learned, and the search goes back to where that decides
 * something. So what has nothing to do with a contradiction is not tried again because of it.
 *
 * That is conflict-driven clause learning (Marques-Silva and Sakallah, GRASP, 1996) over orders: a
 * contradiction is a cycle, as in MonoSAT (Bayless et al., AAAI 2015).
 */
export class OrderSearch {
  readonly order: ChoiceOrder;
  choices = 0;
  contradictions = 0;
  /** Bytes that what was learned takes, about. */
  learnedBytes = 0;
  /** What shows that there is no order; null as long as there may be one. */
  refutation: Lesson | null = null;
  readonly #nodes: number;
  /** Edges that were added by the search so far: the level of an edge that was chosen is the number of it. */
  #added = 0;
  /** By edge: which of those that were added it is; why it is there; the edges that are there because of it. */
  readonly #number = new Map<number, number>();
  readonly #why = new Map<number, Why | null>();
  readonly #following = new Map<number, number[]>();
  /** The edge of each relation that the search added. */
  readonly #edgeOf = new Map<number, number>();
  readonly #chosen = new Map<number, number>();
  readonly #lessons: OrderLessons;
  /** Edges that the lessons have not been told of. */
  #untold: number[] = [];
  readonly #told = new Set<number>();

  /** `order` holds what is known. */
  constructor(order: ChoiceOrder) {
    this.order = order;
    this.#nodes = order.place.length;
    this.#lessons = new OrderLessons(this.#nodes);
  }

  /** Steps of work so far. */
  get work(): number {
    return this.order.work + this.#lessons.work;
  }

  /** Makes one of two relations hold. False: there is no order. */
  settle({ from, to, otherFrom, otherTo, rule }: EitherOr, isOtherFirst: boolean): boolean {
    const bar = this.order.barrier(from, to);
    const otherBar = otherFrom < 0 ? [] : this.order.barrier(otherFrom, otherTo);
    if (bar !== null && otherBar !== null) {
      return this.#learn({ edges: [...bar, ...otherBar], rule, lesson: null }) && this.#tellLessons();
    }
    if (bar !== null) return this.#conclude(otherFrom, otherTo, { edges: bar, rule, lesson: null });
    if (otherBar !== null) return this.#conclude(from, to, { edges: otherBar, rule, lesson: null });
    this.choices++;
    return isOtherFirst ? this.#conclude(otherFrom, otherTo, null) : this.#conclude(from, to, null);
  }

  /** Why a certain edge is there, as if it were a contradiction; null for one that was given. */
  reasonOf(edge: number): Reasons | null {
    const why = this.#why.get(edge) ?? null;
    if (why === null) return null;
    const { edges, rule, lesson } = why;
    return { edges, rules: rule === null ? [] : [rule], lessons: lesson === null ? [] : [lesson] };
  }

  /** Adds a relation and all that follows from it by lessons. False: there is no order. */
  #conclude(from: number, to: number, why: Why | null): boolean {
    const against = this.#add(from, to, why);
    return (against === null || this.#learn(against)) && this.#tellLessons();
  }

  /** Adds a relation, a choice if `why` is null. Answers what is contradictory about it, or null. */
  #add(from: number, to: number, why: Why | null): Why | null {
    const { order } = this;
    const relation = from * this.#nodes + to;
    if (this.#edgeOf.has(relation)) return null;
    const number = ++this.#added;
    let level = why === null ? number : 0;
    for (const edge of why?.edges ?? []) level = Math.max(level, order.level[edge]!);
    const edge = order.add(from, to, level);
    if (edge < 0) return { ...why!, edges: [...(order.barrier(from, to) ?? []), ...why!.edges] };
    this.#number.set(edge, number);
    this.#why.set(edge, why);
    this.#edgeOf.set(relation, edge);
    if (why === null) this.#chosen.set(number, edge);
    for (const before of why?.edges ?? []) {
      if (order.level[before] === 0) continue;
      const list = this.#following.get(before);
      if (list === undefined) this.#following.set(before, [edge, number]);
      else list.push(edge, number);
    }
    this.#untold.push(edge);
    return null;
  }

  #tellLessons(): boolean {
    const { order } = this;
    for (let edge = this.#untold.pop(); edge !== undefined; edge = this.#untold.pop()) {
      this.#told.add(edge);
      for (const lesson of this.#lessons.hold(order.from[edge]!, order.to[edge]!)) {
        const against = this.#apply(lesson);
        if (against !== null && !this.#learn(against)) return false;
      }
    }
    return true;
  }

  /** Of a lesson perhaps all relations hold but one, which then must not. Answers what is contradictory, or null. */
  #apply(lesson: Lesson): Why | null {
    const { from, to } = lesson;
    const edges: number[] = [];
    let open = -1;
    for (let at = 0; at < from.length; at++) {
      const edge = this.#edgeOf.get(from[at]! * this.#nodes + to[at]!);
      if (edge !== undefined) edges.push(edge);
      else if (open >= 0) return null;
      else open = at;
    }
    const why = { edges, rule: null, lesson };
    return open < 0 ? why : this.#add(to[open]!, from[open]!, why);
  }

  /** Learns from a contradiction and goes on from where that decides something. False: there is no order. */
  #learn(contradiction: Why): boolean {
    const { order } = this;
    let against: Why | null = contradiction;
    while (against !== null) {
      this.contradictions++;
      const { lesson, edges } = this.#lessonOf(against);
      this.learnedBytes += 300 + 24 * (edges.length + lesson.edges.length + lesson.rules.length);
      const [last, ...rest] = edges;
      if (last === undefined) {
        this.refutation = lesson;
        return false;
      }
      this.#takeBack(this.#chosen.get(order.level[last]!)!);
      const holding = rest.filter((edge) => this.#told.has(edge)).length;
      if (rest.length > 0) this.#lessons.keep(lesson, holding);
      against = this.#add(lesson.to[0]!, lesson.from[0]!, { edges: rest, rule: null, lesson });
    }
    return true;
  }

  /** Takes an edge back, and all that followed from it. */
  #takeBack(first: number): void {
    const { order } = this;
    const open = [first, this.#number.get(first)!];
    while (open.length > 0) {
      const number = open.pop()!;
      const edge = open.pop()!;
      // It may be gone, and its number another edge's.
      if (this.#number.get(edge) !== number) continue;
      open.push(...(this.#following.get(edge) ?? []));
      const [from, to] = [order.from[edge]!, order.to[edge]!];
      if (this.#told.delete(edge)) this.#lessons.release(from, to);
      else this.#untold = this.#untold.filter((other) => other !== edge);
      if (order.level[edge] === number) this.#chosen.delete(number);
      this.#number.delete(edge);
      this.#why.delete(edge);
      this.#following.delete(edge);
      this.#edgeOf.delete(from * this.#nodes + to);
      order.remove(edge);
    }
  }

  /**
   * Replaces edges of the last level by what they follow from until one is left (the first unique implication
   * point). Answers what is learned, and its edges, that one first.
   */
  #lessonOf(against: Why): { readonly lesson: Lesson; readonly edges: readonly number[] } {
    const { order } = this;
    const marked = new Set<number>();
    const certain = new Set<number>();
    const rules: (readonly number[])[] = [];
    const lessons: Lesson[] = [];
    const expand = (why: Why): void => {
      for (const edge of why.edges) (order.level[edge] === 0 ? certain : marked).add(edge);
      if (why.rule !== null) rules.push(why.rule);
      if (why.lesson !== null) lessons.push(why.lesson);
    };
    expand(against);
    let last = this.#last(marked);
    while (last.isNotAlone) {
      marked.delete(last.edge);
      expand(this.#why.get(last.edge)!);
      last = this.#last(marked);
    }
    for (const edge of [...marked]) {
      const why = this.#why.get(edge)!;
      if (edge === last.edge || why === null) continue;
      if (!why.edges.every((other) => order.level[other] === 0 || marked.has(other))) continue;
      marked.delete(edge);
      expand(why);
    }
    marked.delete(last.edge);
    const edges = last.edge < 0 ? [] : [last.edge, ...marked];
    const lesson: Lesson = {
      from: edges.map((edge) => order.from[edge]!),
      to: edges.map((edge) => order.to[edge]!),
      edges: [...certain],
      rules,
      lessons,
    };
    return { lesson, edges };
  }

  /** Of edges the last one of the highest level; are there others of that level? */
  #last(edges: ReadonlySet<number>): { readonly edge: number; readonly isNotAlone: boolean } {
    const { level } = this.order;
    let found = -1;
    let isNotAlone = false;
    for (const edge of edges) {
      const difference = found < 0 ? 1 : level[edge]! - level[found]!;
      if (difference === 0) isNotAlone = true;
      else if (difference > 0) isNotAlone = false;
      if (difference > 0 || (difference === 0 && this.#number.get(edge)! > this.#number.get(found)!))
        found = edge;
    }
    return { edge: found, isNotAlone };
  }
}
