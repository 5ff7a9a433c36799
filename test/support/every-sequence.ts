/** Every sequence of up to `length` of the items, the empty one too, shorter ones not first. */
export function* everySequence<Item>(
  items: readonly Item[],
  length: number,
): Generator<Item[], void, undefined> {
  yield [];
  if (length === 0) return;
  for (const rest of everySequence(items, length - 1)) for (const item of items) yield [item, ...rest];
}
