/**
 * A directed graph without cycles that keeps an order of its nodes in which all edges lead forward, while
 * edges are added and taken back (last in, first out).
 *
 * Pearce and Kelly, "A dynamic topological sort algorithm for directed acyclic graphs" (2007): an edge that
 * already leads forward costs nothing, another one only as much as lies between its ends.
 */
export class ChoiceOrder {
  /** Place of each node in the order. */
  readonly place: Int32Array;
  /** Edges so far. */
  length = 0;
  /** Nodes and edges looked at so far. */
  work = 0;
  readonly #firstOut: Int32Array;
  readonly #firstIn: Int32Array;
  #from: Int32Array = new Int32Array(1024);
  #to: Int32Array = new Int32Array(1024);
  #nextOut: Int32Array = new Int32Array(1024);
  #nextIn: Int32Array = new Int32Array(1024);
  readonly #seen: Int32Array;
  #search = 0;

  /** An order of nodes without edges: `place[node]` are their places, each once. */
  constructor(place: Int32Array) {
    this.place = place;
    this.#firstOut = new Int32Array(place.length).fill(-1);
    this.#firstIn = new Int32Array(place.length).fill(-1);
    this.#seen = new Int32Array(place.length);
  }

  /** Adds an edge and mends the order; or, where that would close a cycle, does nothing and answers false. */
  add(from: number, to: number): boolean {
    if (from === to) return false;
    if (this.place[from]! > this.place[to]!) {
      const ahead = this.#ahead(to, this.place[from]!, from);
      if (ahead === null) return false;
      this.#reorder(this.#behind(from, this.place[to]!), ahead);
    }
    this.#link(from, to);
    return true;
  }

  /** Would an edge close a cycle? */
  isBarred(from: number, to: number): boolean {
    if (from === to) return true;
    if (this.place[from]! < this.place[to]!) return false;
    return this.#ahead(to, this.place[from]!, from) === null;
  }

  /** Takes back edges until there are `length`. The order stays good for those that are left. */
  takeBack(length: number): void {
    while (this.length > length) {
      const edge = --this.length;
      this.#firstOut[this.#from[edge]!] = this.#nextOut[edge]!;
      this.#firstIn[this.#to[edge]!] = this.#nextIn[edge]!;
    }
  }

  /** All nodes that can be reached from `start` up to a place; null where `target` is one of them. */
  #ahead(start: number, limit: number, target: number): number[] | null {
    const search = ++this.#search;
    const found = [start];
    this.#seen[start] = search;
    for (let at = 0; at < found.length; at++) {
      for (let edge = this.#firstOut[found[at]!]!; edge >= 0; edge = this.#nextOut[edge]!) {
        this.work++;
        const next = this.#to[edge]!;
        if (next === target) return null;
        if (this.place[next]! > limit || this.#seen[next] === search) continue;
        this.#seen[next] = search;
        found.push(next);
      }
    }
    return found;
  }

  /** All nodes from which `start` can be reached down to a place. */
  #behind(start: number, limit: number): number[] {
    const search = ++this.#search;
    const found = [start];
    this.#seen[start] = search;
    for (let at = 0; at < found.length; at++) {
      for (let edge = this.#firstIn[found[at]!]!; edge >= 0; edge = this.#nextIn[edge]!) {
        this.work++;
        const before = this.#from[edge]!;
        if (this.place[before]! < limit || this.#seen[before] === search) continue;
        this.#seen[before] = search;
        found.push(before);
      }
    }
    return found;
  }

  /** Puts those behind before those ahead, each among themselves as they were, into the places they had. */
  #reorder(behind: number[], ahead: number[]): void {
    const byPlace = (a: number, b: number): number => this.place[a]! - this.place[b]!;
    const nodes = [...behind.sort(byPlace), ...ahead.sort(byPlace)];
    const places = nodes.map((node) => this.place[node]!).sort((a, b) => a - b);
    for (let at = 0; at < nodes.length; at++) this.place[nodes[at]!] = places[at]!;
  }

  #link(from: number, to: number): void {
    if (this.length === this.#from.length) this.#grow();
    const edge = this.length++;
    this.#from[edge] = from;
    this.#to[edge] = to;
    this.#nextOut[edge] = this.#firstOut[from]!;
    this.#nextIn[edge] = this.#firstIn[to]!;
    this.#firstOut[from] = edge;
    this.#firstIn[to] = edge;
  }

  #grow(): void {
    const longer = (numbers: Int32Array): Int32Array => {
      const grown = new Int32Array(2 * numbers.length);
      grown.set(numbers);
      return grown;
    };
    this.#from = longer(this.#from);
    this.#to = longer(this.#to);
    this.#nextOut = longer(this.#nextOut);
    this.#nextIn = longer(this.#nextIn);
  }
}
