import { identityOf, isSameJson } from "./json-value.ts";
import type { Json } from "./operation.ts";

/** Entries with one hash that are looked at before hashes are given up for texts. */
const probesMax = 64;
const initialSlots = 64;

/**
 * Gives each distinct pair of a small number (such as a key) and a JSON value a number, in the order of first
 * sight. Hashes values as they lie, without making texts of them; where values are chosen so that hashes meet,
 * it goes on with texts. Expected linear in the size of a value, without an allocation for values that are known.
 */
export class JsonTable {
  /** By number: the value as it was first seen, and the group that it belongs to. */
  readonly values: Json[] = [];
  readonly groups: number[] = [];
  readonly #hashes: number[] = [];
  /** Number plus 1 of the value in each slot; 0: free. */
  #slots = new Int32Array(initialSlots);
  /** By group: the values by identity. Null as long as hashes do. */
  #byText: Map<number, Map<ReturnType<typeof identityOf>, number>> | null = null;

  /** The number of `value` in `group`; a new one at first sight. */
  intern(group: number, value: Json): number {
    const hash = this.#byText === null ? hashOf(group, value) : 0;
    const found = this.#find(group, value, hash);
    if (found >= 0) return found;
    const number = this.values.length;
    this.values.push(value);
    this.groups.push(group);
    if (this.#byText !== null) {
      this.#insertText(this.#byText, number);
      return number;
    }
    this.#hashes.push(hash);
    if (2 * this.values.length > this.#slots.length) this.#grow();
    else this.#insert(number);
    return number;
  }

  /** The number of `value` in `group`; −1 where it was not seen. */
  find(group: number, value: Json): number {
    return this.#find(group, value, this.#byText === null ? hashOf(group, value) : 0);
  }

  #find(group: number, value: Json, hash: number): number {
    if (this.#byText !== null) return this.#byText.get(group)?.get(identityOf(value)) ?? -1;
    const mask = this.#slots.length - 1;
    let probes = 0;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot]! - 1;
      if (number < 0) return -1;
      const isMeant = this.#hashes[number] === hash && this.groups[number] === group;
      if (isMeant && isSameJson(this.values[number], value)) return number;
      if (++probes > probesMax) return this.#goOnWithTexts().get(group)?.get(identityOf(value)) ?? -1;
    }
  }

  #insert(number: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hashes[number]! & mask;
    while (this.#slots[slot]! > 0) slot = (slot + 1) & mask;
    this.#slots[slot] = number + 1;
  }

  #grow(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let number = 0; number < this.values.length; number++) this.#insert(number);
  }

  #goOnWithTexts(): Map<number, Map<ReturnType<typeof identityOf>, number>> {
    const byText = new Map<number, Map<ReturnType<typeof identityOf>, number>>();
    this.#byText = byText;
    for (let number = 0; number < this.values.length; number++) this.#insertText(byText, number);
    return byText;
  }

  #insertText(byText: Map<number, Map<ReturnType<typeof identityOf>, number>>, number: number): void {
    const group = this.groups[number]!;
    let texts = byText.get(group);
    if (texts === undefined) {
      texts = new Map();
      byText.set(group, texts);
    }
    texts.set(identityOf(this.values[number]!), number);
  }
}

/** Whole numbers up to here are hashed as they are; others by their text. */
const smallMax = 0x3fffffff;

function hashOf(group: number, value: Json): number {
  return mixed(Math.imul(group + 1, 0x9e3779b1) ^ hashOfValue(value)) >>> 1;
}

/** Equal values have equal hashes, whatever the order of an object's fields. */
function hashOfValue(value: Json): number {
  if (typeof value === "string") return hashOfText(value);
  if (typeof value === "number") {
    const isSmall = value === (value | 0) && value <= smallMax && value >= -smallMax;
    return isSmall ? mixed(value + 0x51ed270b) : hashOfText(String(value));
  }
  if (typeof value !== "object" || value === null) return value === null ? 3 : value ? 5 : 7;
  if (Array.isArray(value)) {
    let hash = value.length + 11;
    for (const item of value as readonly Json[]) hash = mixed(Math.imul(hash, 31) ^ hashOfValue(item));
    return hash;
  }
  let hash = 13;
  const object = value as Readonly<Record<string, Json>>;
  for (const name in object) {
    hash = (hash + mixed(Math.imul(hashOfText(name), 17) ^ hashOfValue(object[name]!))) | 0;
  }
  return hash;
}

/** FNV-1a over the code units. */
function hashOfText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

/** Spreads bits (the finalizer of MurmurHash3). */
function mixed(bits: number): number {
  let hash = bits | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
