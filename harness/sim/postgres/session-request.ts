import type { PostgresError } from "./postgres-error.ts";
import type { Statement, StatementResult } from "./statement.ts";
import type { IsolationLevel } from "./transaction.ts";
import type { UnsupportedByPostgresModelError } from "./unsupported-by-postgres-model-error.ts";

/** What a client can ask of its session. */
export type SessionRequest =
  | {
      readonly kind: "begin";
      readonly label: string;
      readonly isolation: IsolationLevel | null;
      readonly readOnly: boolean;
    }
  | { readonly kind: "commit" | "rollback"; readonly label: string }
  | {
      readonly kind: "savepoint" | "rollback to" | "release";
      readonly label: string;
      readonly name: string;
    }
  | Statement;

/** What a session answers. */
export type SessionResponse =
  | { readonly ok: true; readonly result: StatementResult }
  | { readonly ok: false; readonly error: PostgresError | UnsupportedByPostgresModelError };
