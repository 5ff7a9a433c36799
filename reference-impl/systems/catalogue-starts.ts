import type { HttpService, ServiceContext } from "../../harness/run/system.ts";
import type { EventMessage, OutgoingMessage } from "../patterns/event-message.ts";
import type { ProjectionMechanisms } from "../patterns/projection.ts";
import { hardenedProductMechanisms, productService } from "../services/product/product.service.ts";
import { productQueryService } from "../services/product-query/product-query.service.ts";
import { recordCommitted } from "./message-records.ts";
import { recordApplied, recordStored } from "./projection-records.ts";
import type { AnnouncedDocumentNeeds } from "./service-definitions.ts";

type StartDocuments = (needs: AnnouncedDocumentNeeds, context: ServiceContext) => HttpService;

/** Starts the side of the catalogue that takes commands and announces them. */
export const announcingProduct: StartDocuments = (needs, context) => {
  const stored = ({ message }: OutgoingMessage) => {
    recordStored(context, message);
    recordCommitted(context, message);
  };
  return productService({ ...needs, stored }, hardenedProductMechanisms());
};

/** Starts the side that answers queries from read models. */
export function projectingQuery(mechanisms: ProjectionMechanisms): StartDocuments {
  return (needs, context) => {
    const applied = (message: EventMessage) => recordApplied(context, message);
    return productQueryService({ ...needs, applied }, mechanisms);
  };
}
