import type { HttpService, ServiceContext, SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import { hardenedParticipantMechanisms } from "../patterns/participant-mechanisms.ts";
import { type LedgerNeeds, poolLimits, type ServiceNeeds } from "../service-needs.ts";
import {
  type CheckoutMechanisms,
  checkoutService,
  hardenedCheckoutMechanisms,
} from "../services/checkout/checkout.service.ts";
import { paymentService } from "../services/payment/payment.service.ts";
import { createPaymentTables, type PaymentTables } from "../services/payment/payment-tables.ts";
import { textbookCheckoutService } from "../textbook/checkout.textbook.ts";
import { textbookPaymentService } from "../textbook/saga-payment.textbook.ts";

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
  callee: (needs: ServiceNeeds<PaymentTables> & LedgerNeeds) => HttpService,
): SystemDefinition {
  return {
    stores: [{ name: nodes.store, kind: "postgres", migrate: createPaymentTables }],
    services: [
      {
        name: nodes.caller,
        stores: [],
        calls: [nodes.callee],
        start: ({ clock, random, newId, fetch, record }) => caller({ clock, random, newId, fetch, record }),
      },
      {
        name: nodes.callee,
        stores: [nodes.store],
        start: ({ clock, random, newId, postgres }) =>
          callee({
            clock,
            random,
            newId,
            nowUs: () => Math.floor(clock.monotonicNs() / 1000),
            database: postgres<PaymentTables>(nodes.store, poolLimits),
          }),
      },
    ],
  };
}
