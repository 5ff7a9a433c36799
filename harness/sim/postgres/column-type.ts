import { UnsupportedByPostgresModelError } from "./unsupported-by-postgres-model-error.ts";

/** The types that a column of the model can have; `unknown` is a parameter that nothing typed yet. */
export type TypeName =
  | "smallint"
  | "integer"
  | "bigint"
  | "numeric"
  | "double precision"
  | "text"
  | "character varying"
  | "uuid"
  | "boolean"
  | "jsonb"
  | "timestamp with time zone"
  | "pg_lsn"
  | "unknown";

/** A column's type with its modifiers. */
export interface ColumnType {
  readonly name: TypeName;
  /** Of `character varying(n)`. */
  readonly length: number | null;
  /** Of `numeric(p, s)`. */
  readonly precision: number | null;
  readonly scale: number | null;
}

/** What a declared type means: its type, and whether it brings a sequence with it. */
export interface DeclaredType {
  readonly type: ColumnType;
  readonly serial: boolean;
}

const aliases: Readonly<Record<string, TypeName>> = {
  smallint: "smallint",
  int2: "smallint",
  integer: "integer",
  int: "integer",
  int4: "integer",
  bigint: "bigint",
  int8: "bigint",
  numeric: "numeric",
  decimal: "numeric",
  "double precision": "double precision",
  float8: "double precision",
  text: "text",
  varchar: "character varying",
  "character varying": "character varying",
  uuid: "uuid",
  boolean: "boolean",
  bool: "boolean",
  jsonb: "jsonb",
  timestamptz: "timestamp with time zone",
  "timestamp with time zone": "timestamp with time zone",
  pg_lsn: "pg_lsn",
};

const serials: Readonly<Record<string, TypeName>> = {
  smallserial: "smallint",
  serial: "integer",
  serial4: "integer",
  bigserial: "bigint",
  serial8: "bigint",
};

/** A type without modifiers. */
export function plainType(name: TypeName): ColumnType {
  return { name, length: null, precision: null, scale: null };
}

/** Reads a type as it is written in a column definition, `varchar(20)`; refuses what is not modelled. */
export function parseColumnType(declaration: string): DeclaredType {
  const match = /^([a-z0-9_ ]+?)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?$/.exec(
    declaration.trim().toLowerCase(),
  );
  const base = match?.[1] ?? "";
  const serial = Object.hasOwn(serials, base) ? serials[base] : undefined;
  const name = serial ?? (Object.hasOwn(aliases, base) ? aliases[base] : undefined);
  const first = match?.[2] === undefined ? null : Number(match[2]);
  const second = match?.[3] === undefined ? null : Number(match[3]);
  const modifiable = name === "numeric" || (name === "character varying" && second === null);
  if (name === undefined || (first !== null && !modifiable)) {
    throw new UnsupportedByPostgresModelError(
      `DataTypeNode of ${declaration}`,
      `${Object.keys(aliases).join(", ")}, ${Object.keys(serials).join(", ")}`,
    );
  }
  const type: ColumnType = {
    name,
    length: name === "character varying" ? first : null,
    precision: name === "numeric" ? first : null,
    scale: name === "numeric" && first !== null ? (second ?? 0) : null,
  };
  return { type, serial: serial !== undefined };
}
