import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { root } from "./run-cli.ts";

/** The names of the schemas in `cli/schema`. */
export type SchemaName =
  | "suite"
  | "replay"
  | "check"
  | "lint"
  | "export"
  | "list"
  | "report"
  | "setup"
  | "doctor"
  | "error";

/** Parses the one JSON document of a command; throws when it does not fit its schema. */
export function documentOf<Document>(schema: SchemaName, stdout: string): Document {
  const document = JSON.parse(stdout) as Document;
  const text = readFileSync(join(root, `cli/schema/${schema}.schema.json`), "utf8");
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  const validate = ajv.compile(JSON.parse(text));
  if (!validate(document)) throw new Error(`not a ${schema} document: ${ajv.errorsText(validate.errors)}`);
  return document;
}
