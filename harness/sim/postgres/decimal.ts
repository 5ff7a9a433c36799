/** An exact decimal number, as PostgreSQL's `numeric` keeps it: `unscaled` × 10^−`scale`. */
export class Decimal {
  readonly unscaled: bigint;
  readonly scale: number;

  constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }

  /** As node-postgres returns a numeric: trailing zeroes are kept. */
  toString(): string {
    const digits = (this.unscaled < 0n ? -this.unscaled : this.unscaled)
      .toString()
      .padStart(this.scale + 1, "0");
    const sign = this.unscaled < 0n ? "-" : "";
    if (this.scale === 0) return sign + digits;
    const point = digits.length - this.scale;
    return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  }
}

/** The number in `text`, or null where it is none. */
export function parseDecimal(text: string): Decimal | null {
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?\s*$/.exec(text);
  if (match === null) return null;
  const [, sign, whole = "", fraction = "", exponentText = "0"] = match;
  if (whole === "" && fraction === "") return null;
  const exponent = Number(exponentText);
  let unscaled = BigInt(whole + fraction);
  let scale = fraction.length - exponent;
  if (scale < 0) {
    unscaled *= 10n ** BigInt(-scale);
    scale = 0;
  }
  return new Decimal(sign === "-" ? -unscaled : unscaled, scale);
}

/** `value` with `scale` digits after the point, rounded half away from zero. */
export function rescaleDecimal(value: Decimal, scale: number): Decimal {
  if (scale >= value.scale) return new Decimal(value.unscaled * 10n ** BigInt(scale - value.scale), scale);
  const divisor = 10n ** BigInt(value.scale - scale);
  const half = divisor / 2n;
  const magnitude = value.unscaled < 0n ? -value.unscaled : value.unscaled;
  const rounded = (magnitude + half) / divisor;
  return new Decimal(value.unscaled < 0n ? -rounded : rounded, scale);
}

/** Below zero, zero or above zero, as `a` is less than, equal to or greater than `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const left = rescaleDecimal(a, scale).unscaled;
  const right = rescaleDecimal(b, scale).unscaled;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `a` + `b`, `a` − `b` or `a` × `b`, with the scale that PostgreSQL gives the result. */
export function decimalArithmetic(operator: "+" | "-" | "*", a: Decimal, b: Decimal): Decimal {
  if (operator === "*") return new Decimal(a.unscaled * b.unscaled, a.scale + b.scale);
  const scale = Math.max(a.scale, b.scale);
  const left = rescaleDecimal(a, scale).unscaled;
  const right = rescaleDecimal(b, scale).unscaled;
  return new Decimal(operator === "+" ? left + right : left - right, scale);
}

/** A text that is the same for equal numbers, whatever their scale. */
export function decimalKey(value: Decimal): string {
  let { unscaled, scale } = value;
  while (scale > 0 && unscaled % 10n === 0n) {
    unscaled /= 10n;
    scale--;
  }
  return `${unscaled}e${scale}`;
}
