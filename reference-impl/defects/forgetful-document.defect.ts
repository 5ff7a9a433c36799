import type { DocumentRequests } from "../patterns/document-requests.ts";
import type { ProductMechanisms } from "../services/product/product.service.ts";
import type { Defect } from "./defect.ts";

const forgetting: DocumentRequests = {
  unanswered: () => ({}),
  filed: () => [],
  answerOf: () => null,
};

/** A product remembers no request: every copy of one has its effect. */
export const forgetfulDocument: Defect<ProductMechanisms> = {
  name: "forgetful-document",
  missing: "a product does not remember the requests that it has answered: every copy of one has its effect",
  needs: "a request that arrives twice, or an answer that is lost and a caller who asks again",
  shows: [{ checker: "conservation", types: ["effect-repeated", "sum-changed", "refused-effect"] }],
  replacement: () => ({ requests: forgetting }),
};
