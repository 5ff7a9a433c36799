import type { Decimal } from "./decimal.ts";

/**
 * How the model keeps a value: integer and double as a number, bigint as a bigint, numeric as a
 * {@link Decimal}, text and uuid as a string, boolean as itself, jsonb as its canonical text,
 * timestamptz as microseconds since 1970, pg_lsn as a bigint.
 */
export type StoredValue = number | bigint | string | boolean | Decimal | null;
