import type { OperationNode, RawNode } from "kysely";
import { parseColumnType } from "./column-type.ts";
import type { AggregateName, ArithmeticOperator, ComparisonOperator, Expression } from "./expression.ts";
import { UnsupportedByPostgresModelError } from "./unsupported-by-postgres-model-error.ts";
import { walFunctions } from "./wal-position.ts";

type Token =
  | { readonly kind: "word" | "quoted" | "number" | "string" | "symbol"; readonly text: string }
  | { readonly kind: "node"; readonly text: string; readonly node: OperationNode };

const tokenPattern =
  /\s+|([A-Za-z_][A-Za-z0-9_]*)|"([^"]+)"|(\d+(?:\.\d+)?)|'((?:[^']|'')*)'|(::|<=|>=|<>|!=|\|\||[-+*/%=<>(),.])/y;

/**
 * Reads the expressions of `sql` templates that are plain enough: columns, literals, parameters,
 * arithmetic, comparisons, and/or/not, is null, casts, now(), coalesce, greatest, least, count, sum,
 * min, max, pg_current_wal_lsn(), pg_last_wal_replay_lsn(), pg_last_wal_receive_lsn(). Everything else is refused with the text.
 */
export function parseRawExpression(
  node: RawNode,
  parseNode: (node: OperationNode) => Expression,
): Expression {
  const reader = new TokenReader(tokenize(node), node.sqlFragments.join("…"), parseNode);
  const expression = parseOr(reader);
  if (reader.peek() !== null) throw reader.refusal();
  return expression;
}

class TokenReader {
  readonly parseNode: (node: OperationNode) => Expression;
  readonly #tokens: readonly Token[];
  readonly #text: string;
  #position = 0;

  constructor(tokens: readonly Token[], text: string, parseNode: (node: OperationNode) => Expression) {
    this.#tokens = tokens;
    this.#text = text;
    this.parseNode = parseNode;
  }

  peek(): Token | null {
    return this.#tokens[this.#position] ?? null;
  }

  next(): Token {
    const token = this.#tokens[this.#position++];
    if (token === undefined) throw this.refusal();
    return token;
  }

  /** Takes the word or symbol, if it is next. */
  accept(text: string): boolean {
    const token = this.peek();
    const matches =
      token !== null &&
      (token.kind === "symbol"
        ? token.text === text
        : token.kind === "word" && token.text.toLowerCase() === text);
    if (matches) this.#position++;
    return matches;
  }

  expect(text: string): void {
    if (!this.accept(text)) throw this.refusal();
  }

  refusal(): UnsupportedByPostgresModelError {
    return new UnsupportedByPostgresModelError(
      `RawNode of sql\`${this.#text}\``,
      "columns, literals, parameters, + - * / % ||, comparisons, and, or, not, is null, ::type, now(), coalesce, greatest, least, count, sum, min, max, pg_current_wal_lsn(), pg_last_wal_replay_lsn(), pg_last_wal_receive_lsn()",
    );
  }
}

function tokenize(node: RawNode): Token[] {
  const tokens: Token[] = [];
  for (const [index, fragment] of node.sqlFragments.entries()) {
    tokenPattern.lastIndex = 0;
    while (tokenPattern.lastIndex < fragment.length) {
      const match = tokenPattern.exec(fragment);
      if (match === null) {
        throw new UnsupportedByPostgresModelError(`RawNode of sql\`${fragment}\``, "plain expressions");
      }
      const [, word, quoted, number, string, symbol] = match;
      if (word !== undefined) tokens.push({ kind: "word", text: word });
      else if (quoted !== undefined) tokens.push({ kind: "quoted", text: quoted });
      else if (number !== undefined) tokens.push({ kind: "number", text: number });
      else if (string !== undefined) tokens.push({ kind: "string", text: string.replaceAll("''", "'") });
      else if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol });
    }
    const parameter = node.parameters[index];
    if (parameter !== undefined) tokens.push({ kind: "node", text: "", node: parameter });
  }
  return tokens;
}

function parseOr(reader: TokenReader): Expression {
  let left = parseAnd(reader);
  while (reader.accept("or")) left = { kind: "logic", operator: "or", left, right: parseAnd(reader) };
  return left;
}

function parseAnd(reader: TokenReader): Expression {
  let left = parseNot(reader);
  while (reader.accept("and")) left = { kind: "logic", operator: "and", left, right: parseNot(reader) };
  return left;
}

function parseNot(reader: TokenReader): Expression {
  if (reader.accept("not")) return { kind: "not", operand: parseNot(reader) };
  const left = parseSum(reader);
  if (reader.accept("is")) {
    const negated = reader.accept("not");
    const value = reader.accept("null") ? null : !!reader.accept("true");
    if (value === false) reader.expect("false");
    const test: Expression = { kind: "is", operand: left, value };
    return negated ? { kind: "not", operand: test } : test;
  }
  const operator = comparisonAt(reader);
  return operator === null ? left : { kind: "compare", operator, left, right: parseSum(reader) };
}

function comparisonAt(reader: TokenReader): ComparisonOperator | null {
  if (reader.accept("<>") || reader.accept("!=")) return "!=";
  for (const operator of ["=", "<=", ">=", "<", ">"] as const) if (reader.accept(operator)) return operator;
  return null;
}

function parseSum(reader: TokenReader): Expression {
  let left = parseProduct(reader);
  for (;;) {
    if (reader.accept("||")) left = { kind: "concat", operator: "||", left, right: parseProduct(reader) };
    else {
      const operator: ArithmeticOperator | null = reader.accept("+") ? "+" : reader.accept("-") ? "-" : null;
      if (operator === null) return left;
      left = { kind: "arithmetic", operator, left, right: parseProduct(reader) };
    }
  }
}

function parseProduct(reader: TokenReader): Expression {
  let left = parseCast(reader);
  for (;;) {
    const operator: ArithmeticOperator | null = reader.accept("*")
      ? "*"
      : reader.accept("/")
        ? "/"
        : reader.accept("%")
          ? "%"
          : null;
    if (operator === null) return left;
    left = { kind: "arithmetic", operator, left, right: parseCast(reader) };
  }
}

function parseCast(reader: TokenReader): Expression {
  let operand = parsePrimary(reader);
  while (reader.accept("::")) {
    const type = reader.next();
    if (type.kind !== "word") throw reader.refusal();
    operand = { kind: "cast", operand, type: parseColumnType(type.text).type.name };
  }
  return operand;
}

function parsePrimary(reader: TokenReader): Expression {
  if (reader.accept("(")) {
    const inner = parseOr(reader);
    reader.expect(")");
    return inner;
  }
  const negative = reader.accept("-");
  const token = reader.next();
  if (token.kind === "number") return numberLiteral(`${negative ? "-" : ""}${token.text}`);
  if (negative) throw reader.refusal();
  if (token.kind === "node") return reader.parseNode(token.node);
  if (token.kind === "string") return { kind: "literal", type: "unknown", value: token.text };
  if (token.kind === "quoted") return parseColumn(reader, token.text);
  if (token.kind === "word") return parseWord(reader, token.text.toLowerCase());
  throw reader.refusal();
}

function numberLiteral(text: string): Expression {
  if (!text.includes(".") && Math.abs(Number(text)) <= 2147483647) {
    return { kind: "literal", type: "integer", value: Number(text) };
  }
  const operand: Expression = { kind: "parameter", value: text };
  return { kind: "cast", operand, type: text.includes(".") ? "numeric" : "bigint" };
}

function parseWord(reader: TokenReader, word: string): Expression {
  if (word === "null") return { kind: "literal", type: "unknown", value: null };
  if (word === "true" || word === "false")
    return { kind: "literal", type: "boolean", value: word === "true" };
  if (word === "current_timestamp") return { kind: "now" };
  if (!reader.accept("(")) return parseColumn(reader, word);
  if (word === "now") {
    reader.expect(")");
    return { kind: "now" };
  }
  if (word === "count" && reader.accept("*")) {
    reader.expect(")");
    return { kind: "aggregate", name: "count", operand: null, distinct: false };
  }
  const position = walFunctions.get(word);
  if (position !== undefined) {
    reader.expect(")");
    return { kind: "wal", position };
  }
  const items: Expression[] = [];
  do items.push(parseOr(reader));
  while (reader.accept(","));
  reader.expect(")");
  if (word === "coalesce" || word === "greatest" || word === "least")
    return { kind: "choice", name: word, items };
  const operand = items[0];
  if (["count", "sum", "min", "max"].includes(word) && items.length === 1 && operand !== undefined) {
    return { kind: "aggregate", name: word as AggregateName, operand, distinct: false };
  }
  throw reader.refusal();
}

const reserved = new Set([
  "select",
  "from",
  "where",
  "case",
  "when",
  "interval",
  "distinct",
  "exists",
  "in",
  "like",
]);

function parseColumn(reader: TokenReader, name: string): Expression {
  if (reserved.has(name)) throw reader.refusal();
  if (!reader.accept(".")) return { kind: "column", table: null, column: name };
  const column = reader.next();
  if (column.kind !== "word" && column.kind !== "quoted") throw reader.refusal();
  return {
    kind: "column",
    table: name,
    column: column.kind === "word" ? column.text.toLowerCase() : column.text,
  };
}
