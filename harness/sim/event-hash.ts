/** Where a 32-bit FNV-1a hash starts: the hash of an empty text. */
const FNV_OFFSET = 0x811c9dc5;

/**
 * A rolling 64-bit hash of an event log (two FNV-1a lanes with different offsets): cheap enough to run
 * on every event, wide enough that two differing logs of a sweep do not collide by chance.
 */
export class EventHash {
  #low = FNV_OFFSET;
  #high = 0x1b873593;
  readonly #texts = new Map<string, number>();
  // The last ones: a request and its answer bear the same label, and many events in a row one owner.
  #owner = "";
  #ownerBits = FNV_OFFSET;
  #label = "";
  #labelBits = FNV_OFFSET;

  /** Adds one event. */
  add(timeNs: number, owner: string, label: string): void {
    this.#fold(timeNs | 0);
    this.#fold((timeNs / 0x1_0000_0000) | 0);
    if (owner !== this.#owner) {
      this.#owner = owner;
      this.#ownerBits = this.#text(owner);
    }
    if (label !== this.#label) {
      this.#label = label;
      this.#labelBits = this.#text(label);
    }
    this.#fold(this.#ownerBits);
    this.#fold(this.#labelBits);
  }

  /** 16 hexadecimal digits. */
  digest(): string {
    return hex(this.#high) + hex(this.#low);
  }

  #fold(bits: number): void {
    this.#low = Math.imul(this.#low ^ bits, 0x01000193);
    this.#low ^= this.#low >>> 15;
    this.#high = Math.imul(this.#high ^ bits, 0x5bd1e995);
    this.#high ^= this.#high >>> 13;
  }

  #text(text: string): number {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    let hash = FNV_OFFSET;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    this.#texts.set(text, hash);
    return hash;
  }
}

function hex(bits: number): string {
  return (bits >>> 0).toString(16).padStart(8, "0");
}
