/** What something was concluded from: certain edges, rules (the transactions that they speak of), and lessons. */
export interface Reasons {
  readonly edges: readonly number[];
  readonly rules: readonly (readonly number[])[];
  readonly lessons: readonly Lesson[];
}

/** What a contradiction taught: not all of these relations can hold. */
export interface Lesson extends Reasons {
  /** Where the relations lead from, and to. */
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Lessons kept; beyond that the longer half is forgotten. */
const keptAtMost = 20_000;

/** Longer lessons are not kept: they say too little. */
const longest = 60;

/** A lesson, and how many of its relations hold. */
interface Kept {
  readonly lesson: Lesson;
  holding: number;
}

/** Lessons with, for each, how many of its relations hold. Each change costs as much as lessons it is part of. */
export class OrderLessons {
  /** Lessons looked at so far. */
  work = 0;
  readonly #nodes: number;
  readonly #byRelation = new Map<number, Kept[]>();
  #all: Kept[] = [];

  /** `nodes`: how many a relation may lead from. */
  constructor(nodes: number) {
    this.#nodes = nodes;
  }

  /** Keeps a lesson of which so many relations were told to hold. */
  keep(lesson: Lesson, holding: number): void {
    if (lesson.from.length > longest) return;
    if (this.#all.length >= keptAtMost) this.#forget();
    const kept = { lesson, holding };
    this.#all.push(kept);
    this.#enter(kept);
  }

  /** A relation holds now. Answers the lessons of which at most one relation does not. */
  hold(from: number, to: number): Lesson[] {
    const found: Lesson[] = [];
    for (const kept of this.#byRelation.get(from * this.#nodes + to) ?? []) {
      this.work++;
      if (++kept.holding >= kept.lesson.from.length - 1) found.push(kept.lesson);
    }
    return found;
  }

  /** A relation that held does not hold any more. */
  release(from: number, to: number): void {
    for (const kept of this.#byRelation.get(from * this.#nodes + to) ?? []) {
      this.work++;
      kept.holding--;
    }
  }

  #enter(kept: Kept): void {
    const { from, to } = kept.lesson;
    for (let at = 0; at < from.length; at++) {
      const relation = from[at]! * this.#nodes + to[at]!;
      const list = this.#byRelation.get(relation);
      if (list === undefined) this.#byRelation.set(relation, [kept]);
      else list.push(kept);
    }
  }

  #forget(): void {
    this.#all.sort((a, b) => a.lesson.from.length - b.lesson.from.length);
    this.#all.length = keptAtMost / 2;
    this.#byRelation.clear();
    for (const kept of this.#all) this.#enter(kept);
  }
}
