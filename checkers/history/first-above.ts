/** The first position whose value is above `value`, in a list that never falls; its length where there is none. Logarithmic. */
export function firstAbove(list: Float64Array | Int32Array | readonly number[], value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
