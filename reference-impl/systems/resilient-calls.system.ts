import type { HttpService, ServiceContext, SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import { hardenedParticipantMechanisms } from "../patterns/participant-mechanisms.ts";
import {
  type CheckoutMechanisms,
  checkoutService,
  hardenedCheckoutMechanisms,
} from "../services/checkout/checkout.service.ts";
import { paymentService } from "../services/payment/payment.service.ts";
import { createPaymentTables, type PaymentTables } from "../services/payment/payment-tables.ts";
import { textbookCheckoutService } from "../textbook/checkout.textbook.ts";
import { textbookPaymentService } from "../textbook/saga-payment.textbook.ts";
import { basicNeeds, callerNeeds, type DatabaseNeeds, databaseService } from "./service-definitions.ts";
import { postgresStore } from "./store-definitions.ts";

/** The nodes of a checkout that calls the payment service, as faults and workloads name them. */
export const resilientCallNodes = {
  caller: "checkout",
  callee: "payment",
  store: "payment-db",
} as const;

const nodes = resilientCallNodes;

/** Payments through a checkout in the hardened form, or with one mechanism replaced by a defect. */
export function resilientCallsSystem(defect?: Defect<CheckoutMechanisms>): SystemDefinition {
  return callerAndCallee(
    (context) => checkoutService(context, { ...hardenedCheckoutMechanisms(), ...defect?.replacement() }),
    (needs) => paymentService(needs, hardenedParticipantMechanisms()),
  );
}

/** Payments through the seed's `ResilientDataService`, to a payment service in the seed's manner. */
export function textbookResilientCallsSystem(): SystemDefinition {
  return callerAndCallee(textbookCheckoutService, textbookPaymentService);
}

function callerAndCallee(
  caller: (context: Pick<ServiceContext, "clock" | "random" | "newId" | "fetch" | "record">) => HttpService,
  callee: (needs: DatabaseNeeds<PaymentTables>) => HttpService,
): SystemDefinition {
  return {
    stores: [postgresStore(nodes.store, createPaymentTables)],
    services: [
      {
        name: nodes.caller,
        stores: [],
        calls: [nodes.callee],
        start: (context) => caller({ ...basicNeeds(context), ...callerNeeds(context) }),
      },
      databaseService(nodes.callee, nodes.store, callee),
    ],
  };
}
