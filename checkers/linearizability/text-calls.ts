import type { ObjectCalls } from "./object-calls.ts";
import { TextPieces } from "./text-pieces.ts";
import { NEVER } from "./window-plan.ts";

/** A `put` or an `append`. */
export interface TextWrite {
  /** −1 for what was there at the start. */
  readonly call: number;
  readonly text: string;
  readonly isPut: boolean;
  /** When it was sent and when it returned, {@link NEVER} for an unknown outcome. */
  readonly from: number;
  readonly by: number;
  /** When the first `get` returned that showed it, {@link NEVER} where none did. */
  seenBy: number;
  /** The text that it is a part of, and how many pieces were before it; −1 where nobody saw it. */
  reign: number;
  level: number;
}

/** A `get` that returned: it showed the first pieces of a reign, up to a level. */
export interface TextRead {
  readonly call: number;
  readonly from: number;
  readonly by: number;
  readonly reign: number;
  readonly level: number;
}

/** Why a `get` cannot have answered what it did, whatever the order. */
export type StrayRead = { readonly call: number; readonly by: number } & (
  | { readonly kind: "unsent" }
  /** It shows a piece again that was shown elsewhere. */
  | { readonly kind: "repeated"; readonly write: number }
  /** After one `put` something else was shown than by a `get` that had returned. */
  | { readonly kind: "other"; readonly write: number }
);

/**
 * The calls on a text, taken apart. A *reign* is what was there from one `put` to the next: the number of
 * its `put` among the writes. Times are positions among the events, one more than those of the calls.
 */
export interface TextCalls {
  /** Times that there are. */
  readonly length: number;
  /** The first is what was there at the start, which takes effect at the time 0. */
  readonly writes: readonly TextWrite[];
  /** In the order of their returns, until the first that is stray. */
  readonly reads: readonly TextRead[];
  readonly stray: StrayRead | null;
}

/** What is known of a reign so far. */
interface Reign {
  text: string;
  /** By the length of a text that shows its first pieces: how many came after the `put`. */
  readonly levels: Map<number, number>;
}

/**
 * Reads the calls on a text that was `initial` at the start. Null where it cannot be told from a text what it was
 * put together of. Linear in what was written and answered, sorting apart.
 */
export function textCalls(calls: ObjectCalls, initial: string): TextCalls | null {
  const writes: TextWrite[] = [
    { call: -1, text: initial, isPut: true, from: 0, by: 0, seenBy: 0, reign: 0, level: 0 },
  ];
  const gets: number[] = [];
  for (const [call, { f, input }] of calls.calls.entries()) {
    const text = typeof input === "string" ? input : "";
    if (f === "get") gets.push(call);
    else if (f === "put" || text !== "") {
      const [from, by] = [calls.invoked[call]! + 1, calls.returned[call]!];
      const times = { from, by: by === NEVER ? NEVER : by + 1, seenBy: NEVER };
      writes.push({ call, text, isPut: f === "put", ...times, reign: -1, level: -1 });
    }
  }
  const texts = writes.map(({ text }) => text);
  const pieces = TextPieces.of(initial === "" ? texts.slice(1) : texts);
  if (pieces === null) return null;
  gets.sort((a, b) => calls.returned[a]! - calls.returned[b]!);
  const reading = new TextReading(writes, pieces);
  const reads: TextRead[] = [];
  for (const call of gets) {
    const [from, by] = [calls.invoked[call]! + 1, calls.returned[call]! + 1];
    const { output } = calls.calls[call]!;
    const place = reading.place(typeof output === "string" ? output : "", by);
    if ("kind" in place) {
      return { length: calls.events.length + 1, writes, reads, stray: { call, by, ...place } };
    }
    reads.push({ call, from, by, ...place });
  }
  return { length: calls.events.length + 1, writes, reads, stray: null };
}

type Place = { readonly reign: number; readonly level: number };
type NoPlace = { kind: "unsent" } | { kind: "repeated" | "other"; write: number };

/** Takes texts apart, in the order in which they were answered. */
class TextReading {
  readonly #writes: readonly TextWrite[];
  readonly #pieces: TextPieces;
  /** Pieces of the start that the others are numbered after: none where it was empty. */
  readonly #first: number;
  readonly #reigns = new Map<number, Reign>();

  constructor(writes: readonly TextWrite[], pieces: TextPieces) {
    this.#writes = writes;
    this.#pieces = pieces;
    this.#first = writes[0]!.text === "" ? 1 : 0;
  }

  /** What an answer shows that came at a time; or why it cannot. */
  place(text: string, by: number): Place | NoPlace {
    const write = this.#reignOf(text);
    if (write < 0 || this.#writes[write]!.from >= by) return { kind: "unsent" };
    const reign = this.#reigns.get(write) ?? this.#begin(write, by);
    if (text.length <= reign.text.length) {
      if (!reign.text.startsWith(text)) return this.#other(write, text, by);
      const level = reign.levels.get(text.length);
      return level === undefined ? { kind: "unsent" } : { reign: write, level };
    }
    if (!text.startsWith(reign.text)) return this.#other(write, text, by);
    const found = this.#extend(write, reign, text, by);
    return found ?? { reign: write, level: reign.levels.size - 1 };
  }

  #at(text: string, place: number): number {
    const found = this.#pieces.at(text, place);
    return found < 0 ? -1 : found + this.#first;
  }

  /** The `put` that a text begins with; 0 for the start, −1 where it cannot have begun. */
  #reignOf(text: string): number {
    if (this.#first === 1 && text === "") return 0;
    const write = this.#at(text, 0);
    if (write < 0 || this.#writes[write]!.isPut) return write;
    return this.#first === 1 ? 0 : -1;
  }

  #begin(write: number, by: number): Reign {
    const put = this.#writes[write]!;
    Object.assign(put, { reign: write, level: 0, seenBy: Math.min(put.seenBy, by) });
    const reign = { text: put.text, levels: new Map([[put.text.length, 0]]) };
    this.#reigns.set(write, reign);
    return reign;
  }

  /** Takes in what a text shows more of a reign than was known; says why it cannot be. */
  #extend(write: number, reign: Reign, text: string, by: number): NoPlace | null {
    for (let place = reign.text.length; place < text.length; ) {
      const next = this.#at(text, place);
      const piece = this.#writes[next];
      if (piece === undefined || piece.from >= by) return { kind: "unsent" };
      if (piece.isPut || piece.reign >= 0) return { kind: "repeated", write: next };
      Object.assign(piece, { reign: write, level: reign.levels.size, seenBy: by });
      place += piece.text.length;
      reign.levels.set(place, reign.levels.size);
    }
    reign.text = text;
    return null;
  }

  /** Is it another text of what was sent, or of something else? */
  #other(write: number, text: string, by: number): NoPlace {
    for (let place = this.#writes[write]!.text.length; place < text.length; ) {
      const piece = this.#writes[this.#at(text, place)];
      if (piece === undefined || piece.from >= by) return { kind: "unsent" };
      place += piece.text.length;
    }
    return { kind: "other", write };
  }
}
