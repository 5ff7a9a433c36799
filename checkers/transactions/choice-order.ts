import { doubled } from "../doubled.ts";
/**
 * A directed graph without cycles that keeps an order of its nodes in which all edges lead forward, while
 * edges are added and taken back. Each edge is certain, or depends on a choice: then it has a level above 0.
 *
 * Pearce and Kelly, "A dynamic topological sort algorithm for directed acyclic graphs" (2007): an edge that
 * already leads forward costs nothing, another one only as much as lies between its ends.
 */
export class ChoiceOrder {
  /** Place of each node in the order. */
  readonly place: Int32Array;
  /** Nodes and edges looked at so far. */
  work = 0;
  /** By edge: where it leads from and to, and its level. */
  from: Int32Array = new Int32Array(1024);
  to: Int32Array = new Int32Array(1024);
  level: Int32Array = new Int32Array(1024);
  /** Numbers of edges that were given out, and those of them that are free again. */
  #used = 0;
  readonly #free: number[] = [];
  readonly #firstOut: Int32Array;
  readonly #firstIn: Int32Array;
  #nextOut: Int32Array = new Int32Array(1024);
  #nextIn: Int32Array = new Int32Array(1024);
  #previousOut: Int32Array = new Int32Array(1024);
  #previousIn: Int32Array = new Int32Array(1024);
  /** Nodes that have got another place since this was last emptied. */
  readonly #moved: number[] = [];
  readonly #isMoved: Uint8Array;
  /** The last search that met each node, and in a search for a way the last edge to it. */
  readonly #seen: Int32Array;
  readonly #reached: Int32Array;
  readonly #by: Int32Array;
  #search = 0;

  /** An order of nodes without edges: `place[node]` are their places, each once. */
  constructor(place: Int32Array) {
    this.place = place;
    this.#firstOut = new Int32Array(place.length).fill(-1);
    this.#firstIn = new Int32Array(place.length).fill(-1);
    this.#isMoved = new Uint8Array(place.length);
    this.#seen = new Int32Array(place.length);
    this.#reached = new Int32Array(place.length);
    this.#by = new Int32Array(place.length);
  }

  /** Edges that are there. */
  get size(): number {
    return this.#used - this.#free.length;
  }

  /** Adds an edge, mends the order and answers the edge's number; −1, where it would close a cycle. */
  add(from: number, to: number, level: number): number {
    if (from === to) return -1;
    if (this.place[from]! > this.place[to]!) {
      const ahead = this.#ahead(to, this.place[from]!, from);
      if (ahead === null) return -1;
      this.#reorder(this.#behind(from, this.place[to]!), ahead);
    }
    return this.#link(from, to, level);
  }

  /** Takes an edge back. The order stays good for those that are left. */
  remove(edge: number): void {
    const [nextOut, nextIn] = [this.#nextOut[edge]!, this.#nextIn[edge]!];
    const [previousOut, previousIn] = [this.#previousOut[edge]!, this.#previousIn[edge]!];
    if (previousOut < 0) this.#firstOut[this.from[edge]!] = nextOut;
    else this.#nextOut[previousOut] = nextOut;
    if (previousIn < 0) this.#firstIn[this.to[edge]!] = nextIn;
    else this.#nextIn[previousIn] = nextIn;
    if (nextOut >= 0) this.#previousOut[nextOut] = previousOut;
    if (nextIn >= 0) this.#previousIn[nextIn] = previousIn;
    this.#free.push(edge);
  }

  /** The nodes that have got another place since this was last asked. */
  takeMoved(): number[] {
    for (const node of this.#moved) this.#isMoved[node] = 0;
    return this.#moved.splice(0);
  }

  /**
   * The edges of a way from `to` to `from`, which an edge from `from` to `to` would close to a cycle, last one
   * first; null where there is none. It is one of those with the fewest edges that are not certain.
   */
  barrier(from: number, to: number): number[] | null {
    if (from === to) return [];
    if (this.place[from]! < this.place[to]!) return null;
    return this.#ahead(to, this.place[from]!, from) === null ? this.#way(to, from) : null;
  }

  /** All nodes that can be reached from `start` up to a place; null where `target` is one of them. */
  #ahead(start: number, limit: number, target: number): number[] | null {
    const search = ++this.#search;
    const found = [start];
    this.#seen[start] = search;
    for (let at = 0; at < found.length; at++) {
      for (let edge = this.#firstOut[found[at]!]!; edge >= 0; edge = this.#nextOut[edge]!) {
        this.work++;
        const next = this.to[edge]!;
        if (next === target) return null;
        if (this.place[next]! > limit || this.#seen[next] === search) continue;
        this.#seen[next] = search;
        found.push(next);
      }
    }
    return found;
  }

  /** There is a way: nodes are visited in the order of how many edges that are not certain lead to them. */
  #way(start: number, target: number): number[] {
    const visit = ++this.#search;
    const limit = this.place[target]!;
    const [seen, reached, by] = [this.#seen, this.#reached, this.#by];
    // What waits in `far` is reached, not seen: there may be a shorter way to it.
    let near = [start];
    let far: number[] = [];
    by[start] = -1;
    while (near.length > 0) {
      for (let node = near.pop(); node !== undefined; node = near.pop()) {
        if (seen[node] === visit) continue;
        seen[node] = visit;
        if (node === target) return this.#edgesTo(target);
        for (let edge = this.#firstOut[node]!; edge >= 0; edge = this.#nextOut[edge]!) {
          this.work++;
          const next = this.to[edge]!;
          if (this.place[next]! > limit || seen[next] === visit) continue;
          const isCertain = this.level[edge] === 0;
          if (!isCertain && reached[next] === visit) continue;
          by[next] = edge;
          reached[next] = visit;
          (isCertain ? near : far).push(next);
        }
      }
      [near, far] = [far, near];
    }
    return [];
  }

  #edgesTo(target: number): number[] {
    const edges: number[] = [];
    for (let edge = this.#by[target]!; edge >= 0; edge = this.#by[this.from[edge]!]!) edges.push(edge);
    return edges;
  }

  /** All nodes from which `start` can be reached down to a place. */
  #behind(start: number, limit: number): number[] {
    const search = ++this.#search;
    const found = [start];
    this.#seen[start] = search;
    for (let at = 0; at < found.length; at++) {
      for (let edge = this.#firstIn[found[at]!]!; edge >= 0; edge = this.#nextIn[edge]!) {
        this.work++;
        const before = this.from[edge]!;
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
    for (let at = 0; at < nodes.length; at++) {
      const node = nodes[at]!;
      if (this.#isMoved[node] === 0) {
        this.#isMoved[node] = 1;
        this.#moved.push(node);
      }
      this.place[node] = places[at]!;
    }
  }

  #link(from: number, to: number, level: number): number {
    const edge = this.#free.pop() ?? this.#used++;
    if (edge === this.from.length) this.#grow();
    this.from[edge] = from;
    this.to[edge] = to;
    this.level[edge] = level;
    const [nextOut, nextIn] = [this.#firstOut[from]!, this.#firstIn[to]!];
    this.#nextOut[edge] = nextOut;
    this.#nextIn[edge] = nextIn;
    this.#previousOut[edge] = -1;
    this.#previousIn[edge] = -1;
    if (nextOut >= 0) this.#previousOut[nextOut] = edge;
    if (nextIn >= 0) this.#previousIn[nextIn] = edge;
    this.#firstOut[from] = edge;
    this.#firstIn[to] = edge;
    return edge;
  }

  #grow(): void {
    this.from = doubled(this.from);
    this.to = doubled(this.to);
    this.level = doubled(this.level);
    this.#nextOut = doubled(this.#nextOut);
    this.#nextIn = doubled(this.#nextIn);
    this.#previousOut = doubled(this.#previousOut);
    this.#previousIn = doubled(this.#previousIn);
  }
}
