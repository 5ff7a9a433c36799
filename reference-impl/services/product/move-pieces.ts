import type { Filter, UpdateFilter } from "mongodb";
import type { DocumentCollection } from "../../document-database.ts";
import { type Answer, errorAnswer, jsonAnswer } from "../../patterns/answer.ts";
import { writeDocument } from "../../patterns/document-failure.ts";
import type { Condition, FiledRequest } from "../../patterns/document-requests.ts";
import type { KeyedRequest } from "../../patterns/request-key.ts";
import type { MovementKind } from "../inventory/movement.ts";
import { findProduct, noSuchProduct, type ProductCommands, pushed } from "./product-commands.ts";
import type { ProductDocument } from "./product-document.ts";

/** The one write by which pieces of a product move. */
export interface PieceMove {
  readonly kind: MovementKind;
  readonly quantity: number;
  /** What must be true of the product besides. */
  readonly condition: Condition;
  readonly filed: readonly FiledRequest[];
}

/** Moves pieces; false where the product does not have so many, does not exist, or the condition does not hold. */
export type MoveProductPieces = (
  products: DocumentCollection<ProductDocument>,
  id: string,
  move: PieceMove,
) => Promise<boolean>;

/** One guarded `$inc`: takes only where enough is left. */
export const movePiecesWhereEnough: MoveProductPieces = (products, id, move) => {
  const { kind, quantity, condition } = move;
  const enough = kind.from === null ? {} : { [kind.from]: { $gte: quantity } };
  return incrementAmounts(products, id, { ...move, condition: { ...condition, ...enough } });
};

/** The `$inc` of a move, where its condition holds. */
export async function incrementAmounts(
  products: DocumentCollection<ProductDocument>,
  id: string,
  { kind, quantity, condition, filed }: PieceMove,
): Promise<boolean> {
  const $inc = { [kind.to]: quantity, ...(kind.from === null ? {} : { [kind.from]: -quantity }) };
  const result = await writeDocument(() =>
    products.updateOne(
      { _id: id, ...condition } as Filter<ProductDocument>,
      { $inc, $push: pushed(filed, []) } as UpdateFilter<ProductDocument>,
    ),
  );
  return result.matchedCount === 1;
}

/**
 * Moves pieces of a product, once per request, or says why not; null: the product was changed meanwhile. A
 * refusal is filed too, and only while it is true: a copy of the request that comes later must not succeed.
 */
export async function moveProduct(
  { products, requests, clock }: Omit<ProductCommands, "stored">,
  id: string,
  { kind, quantity }: Pick<PieceMove, "kind" | "quantity">,
  request: KeyedRequest,
  movePieces: MoveProductPieces,
): Promise<Answer | null> {
  const condition = requests.unanswered(request);
  const answer = jsonAnswer(200, { id, moved: quantity, from: kind.from, to: kind.to });
  const filed = (given: Answer) => requests.filed(request, given, clock.nowMs());
  if (await movePieces(products, id, { kind, quantity, condition, filed: filed(answer) })) return answer;
  const found = await findProduct(products, id);
  if (found === null) return noSuchProduct(id);
  const before = requests.answerOf(found, request);
  if (before !== null) return before;
  if (kind.from === null || found[kind.from] >= quantity) return null;
  const refusal = errorAnswer(
    409,
    "not-enough",
    `Fewer than ${quantity} pieces of ${id} are in ${kind.from}.`,
  );
  const tooFew = { _id: id, ...condition, [kind.from]: { $lt: quantity } } as Filter<ProductDocument>;
  const result = await writeDocument(() =>
    products.updateOne(tooFew, { $push: pushed(filed(refusal), []) } as UpdateFilter<ProductDocument>),
  );
  return result.matchedCount === 1 ? refusal : null;
}
