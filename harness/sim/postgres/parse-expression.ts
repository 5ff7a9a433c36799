import type {
  AggregateFunctionNode,
  AndNode,
  BinaryOperationNode,
  CastNode,
  DataTypeNode,
  FunctionNode,
  OperationNode,
  OperatorNode,
  OrNode,
  ParensNode,
  PrimitiveValueListNode,
  RawNode,
  ReferenceNode,
  UnaryOperationNode,
  ValueListNode,
  ValueNode,
} from "kysely";
import { parseColumnType } from "./column-type.ts";
import type { AggregateName, ComparisonOperator, Expression } from "./expression.ts";
import { parseColumnName, parseTableName } from "./parse-names.ts";
import { parseRawExpression } from "./parse-raw-expression.ts";
import { readNode, unsupportedNode } from "./supported-nodes.ts";
import { UnsupportedByPostgresModelError } from "./unsupported-by-postgres-model-error.ts";

const binaryOperators =
  "=, ==, !=, <>, <, <=, >, >=, +, -, *, /, %, ||, in, not in, is, is not, like, not like, ilike, not ilike, between, is distinct from, is not distinct from";

/** Reads an expression out of Kysely's nodes, refusing whatever the model would not interpret. */
export function parseExpression(node: OperationNode): Expression {
  switch (node.kind) {
    case "BinaryOperationNode":
      return parseBinary(readNode<BinaryOperationNode>(node, "BinaryOperationNode"));
    case "ReferenceNode":
      return parseReference(node);
    case "ColumnNode":
      return { kind: "column", table: null, column: parseColumnName(node) };
    case "ValueNode":
      return parseValue(readNode<ValueNode>(node, "ValueNode"));
    case "AndNode": {
      const { left, right } = readNode<AndNode>(node, "AndNode");
      return { kind: "logic", operator: "and", left: parseExpression(left), right: parseExpression(right) };
    }
    case "OrNode": {
      const { left, right } = readNode<OrNode>(node, "OrNode");
      return { kind: "logic", operator: "or", left: parseExpression(left), right: parseExpression(right) };
    }
    case "ParensNode":
      return parseExpression(readNode<ParensNode>(node, "ParensNode").node);
    case "UnaryOperationNode":
      return parseUnary(readNode<UnaryOperationNode>(node, "UnaryOperationNode"));
    case "RawNode":
      return parseRawExpression(readNode<RawNode>(node, "RawNode"), parseExpression);
    default:
      return parseCall(node);
  }
}

function parseReference(node: OperationNode): Expression {
  const { table, column } = readNode<ReferenceNode>(node, "ReferenceNode");
  return {
    kind: "column",
    table: table === undefined ? null : parseTableName(table),
    column: parseColumnName(column),
  };
}

function parseValue(node: ValueNode): Expression {
  if (node.immediate !== true) return { kind: "parameter", value: node.value };
  const { value } = node;
  if (typeof value === "boolean") return { kind: "literal", type: "boolean", value };
  if (typeof value === "number" && Number.isInteger(value)) {
    const small = Math.abs(value) <= 2147483647;
    return { kind: "literal", type: small ? "integer" : "bigint", value: small ? value : BigInt(value) };
  }
  return { kind: "parameter", value };
}

function parseUnary(node: UnaryOperationNode): Expression {
  const { operator } = readNode<OperatorNode>(node.operator, "OperatorNode");
  if (operator !== "not") {
    throw new UnsupportedByPostgresModelError(`UnaryOperationNode.operator ${operator}`, "not");
  }
  return { kind: "not", operand: parseExpression(node.operand) };
}

function parseBinary(node: BinaryOperationNode): Expression {
  if (node.operator.kind !== "OperatorNode") throw unsupportedNode(node.operator, binaryOperators);
  const { operator } = readNode<OperatorNode>(node.operator, "OperatorNode");
  const left = parseExpression(node.leftOperand);
  switch (operator) {
    case "in":
      return { kind: "in", operand: left, items: parseList(node.rightOperand) };
    case "not in":
      return { kind: "not", operand: { kind: "in", operand: left, items: parseList(node.rightOperand) } };
    case "is":
      return { kind: "is", operand: left, value: parseIsValue(node.rightOperand) };
    case "is not":
      return { kind: "not", operand: { kind: "is", operand: left, value: parseIsValue(node.rightOperand) } };
    case "between": {
      const bounds = readNode<AndNode>(node.rightOperand, "AndNode");
      const lower = parseExpression(bounds.left);
      const upper = parseExpression(bounds.right);
      return {
        kind: "logic",
        operator: "and",
        left: { kind: "compare", operator: ">=", left, right: lower },
        right: { kind: "compare", operator: "<=", left, right: upper },
      };
    }
    default:
      return binaryExpression(operator, left, node.rightOperand);
  }
}

function binaryExpression(operator: string, left: Expression, rightNode: OperationNode): Expression {
  if (rightNode.kind === "FunctionNode" && operator === "=") {
    const { func, arguments: list } = readNode<FunctionNode>(rightNode, "FunctionNode");
    if (func === "any" && list.length === 1 && list[0]?.kind === "ValueNode") {
      return { kind: "any", operand: left, array: readNode<ValueNode>(list[0], "ValueNode").value };
    }
  }
  const right = parseExpression(rightNode);
  switch (operator) {
    case "==":
      return { kind: "compare", operator: "=", left, right };
    case "<>":
      return { kind: "compare", operator: "!=", left, right };
    case "=":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return { kind: "compare", operator: operator satisfies ComparisonOperator, left, right };
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return { kind: "arithmetic", operator, left, right };
    case "||":
      return { kind: "concat", operator, left, right };
    case "like":
    case "ilike":
      return { kind: "like", operator, left, right };
    case "not like":
      return { kind: "not", operand: { kind: "like", operator: "like", left, right } };
    case "not ilike":
      return { kind: "not", operand: { kind: "like", operator: "ilike", left, right } };
    case "is distinct from":
    case "is not distinct from":
      return { kind: "distinct", operator, left, right };
    default:
      throw new UnsupportedByPostgresModelError(`the operator ${operator}`, binaryOperators);
  }
}

function parseList(node: OperationNode): Expression[] {
  if (node.kind === "PrimitiveValueListNode") {
    const { values } = readNode<PrimitiveValueListNode>(node, "PrimitiveValueListNode");
    return values.map((value) => ({ kind: "parameter", value }));
  }
  if (node.kind === "ValueListNode") {
    return readNode<ValueListNode>(node, "ValueListNode").values.map(parseExpression);
  }
  throw unsupportedNode(node, "a list of values after in");
}

function parseIsValue(node: OperationNode): boolean | null {
  const { value } = readNode<ValueNode>(node, "ValueNode");
  if (value === null || typeof value === "boolean") return value;
  throw new UnsupportedByPostgresModelError(`is ${String(value)}`, "is null, is true, is false");
}

function parseCall(node: OperationNode): Expression {
  if (node.kind === "AggregateFunctionNode") return parseAggregate(node);
  if (node.kind === "CastNode") {
    const { expression, dataType } = readNode<CastNode>(node, "CastNode");
    const { dataType: declared } = readNode<DataTypeNode>(dataType, "DataTypeNode");
    return { kind: "cast", operand: parseExpression(expression), type: parseColumnType(declared).type.name };
  }
  if (node.kind !== "FunctionNode") throw unsupportedNode(node);
  const { func, arguments: list } = readNode<FunctionNode>(node, "FunctionNode");
  const name = func.toLowerCase();
  if (name === "now" && list.length === 0) return { kind: "now" };
  if (name === "coalesce" || name === "greatest" || name === "least") {
    return { kind: "choice", name, items: list.map(parseExpression) };
  }
  throw new UnsupportedByPostgresModelError(
    `FunctionNode.func ${func}`,
    "now, coalesce, greatest, least, count, sum, min, max",
  );
}

function parseAggregate(node: OperationNode): Expression {
  const { func, aggregated, distinct } = readNode<AggregateFunctionNode>(node, "AggregateFunctionNode");
  const name = func.toLowerCase();
  const argument = aggregated[0];
  if (!isAggregateName(name) || argument === undefined || aggregated.length !== 1) {
    throw new UnsupportedByPostgresModelError(
      `the aggregate ${func}`,
      "count, sum, min, max of one argument",
    );
  }
  const all = argument.kind === "SelectAllNode" || isAllSelection(argument);
  if (all && name !== "count") throw unsupportedNode(argument, "count(*)");
  return {
    kind: "aggregate",
    name,
    operand: all ? null : parseExpression(argument),
    distinct: distinct === true,
  };
}

function isAllSelection(node: OperationNode): boolean {
  return (
    node.kind === "SelectionNode" &&
    (node as { selection?: OperationNode }).selection?.kind === "SelectAllNode"
  );
}

function isAggregateName(name: string): name is AggregateName {
  return name === "count" || name === "sum" || name === "min" || name === "max";
}
