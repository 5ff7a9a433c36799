import { JsonTable } from "../history/json-table.ts";
import type { Json } from "../history/operation.ts";

/** The events of the final logs of all streams, each with a number, and the version that it has. Constant time a call. */
export class EventPlaces {
  readonly #events = new JsonTable();
  /** By number: the first version, and whether it has others, too. */
  readonly #versions: Float64Array;
  readonly #several: Uint8Array;

  /** How many there are: numbers are less. */
  get size(): number {
    return this.#events.values.length;
  }

  /** Room for so many events. */
  constructor(most: number) {
    this.#versions = new Float64Array(most);
    this.#several = new Uint8Array(most);
  }

  /** The number of an event of a stream; −1 where no final log has it. */
  find(stream: number, event: Json): number {
    return this.#events.find(stream, event);
  }

  /** A final log has an event. Answers the version that it had before, the first one where it has several; 0 for none. */
  add(stream: number, event: Json, version: number): number {
    const number = this.#events.intern(stream, event);
    const before = this.#versions[number]!;
    if (before === 0) this.#versions[number] = version;
    else if (before !== version) this.#several[number] = 1;
    return before;
  }

  /** The version of an event by number, the first where it has several; −1 for −1. */
  versionOf(number: number): number {
    return number < 0 ? -1 : this.#versions[number]!;
  }

  /** The one version of an event by number; −1 where it has none or several. */
  placeOf(number: number): number {
    return number < 0 || this.#several[number] === 1 ? -1 : this.#versions[number]!;
  }
}
