/**
 * Gives each distinct value a small number, in the order of first sight. A `Map` underneath, so that
 * `__proto__` is a name like any other. Constant time a call.
 */
export class InternTable<Value extends string | number> {
  readonly values: Value[] = [];
  readonly #ids = new Map<Value, number>();

  /** The number of `value`; a new one at first sight. */
  intern(value: Value): number {
    const known = this.#ids.get(value);
    if (known !== undefined) return known;
    const id = this.values.length;
    this.#ids.set(value, id);
    this.values.push(value);
    return id;
  }

  /** The number of `value`; −1 where it was not seen. */
  find(value: Value): number {
    return this.#ids.get(value) ?? -1;
  }

  /** Was `value` seen? */
  has(value: Value): boolean {
    return this.#ids.has(value);
  }
}
