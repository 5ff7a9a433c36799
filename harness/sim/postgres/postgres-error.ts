/** What a PostgreSQL error message carries besides its text (a part of it). */
export interface PostgresErrorFields {
  readonly detail?: string;
  readonly hint?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
  readonly severity?: "ERROR" | "FATAL";
}

/**
 * An error as the model's server reports it, with the fields of node-postgres' `DatabaseError`:
 * `name` is "error", `code` the SQLSTATE (https://www.postgresql.org/docs/18/errcodes-appendix.html),
 * `message` worded as PostgreSQL words it.
 */
export class PostgresError extends Error {
  readonly code: string;
  readonly severity: "ERROR" | "FATAL";
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly schema: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly constraint: string | undefined;

  constructor(code: string, message: string, fields: PostgresErrorFields = {}) {
    super(message);
    this.name = "error";
    this.code = code;
    this.severity = fields.severity ?? "ERROR";
    this.detail = fields.detail;
    this.hint = fields.hint;
    this.schema = fields.table === undefined ? undefined : "public";
    this.table = fields.table;
    this.column = fields.column;
    this.constraint = fields.constraint;
  }
}
