import { type Answer, errorAnswer, jsonAnswer, toResponse } from "../../patterns/answer.ts";
import { readBody, readId } from "../../patterns/bad-input.ts";
import { callLog } from "../../patterns/call-log.ts";
import { breakerPolicy, type MakeBreaker, selfHealingBreaker } from "../../patterns/circuit-breaker.ts";
import { type CallOutcome, type OutgoingRequest, outgoingCall } from "../../patterns/outgoing-call.ts";
import { retriedCall, type TryAgain, tryPassingFailures } from "../../patterns/retried-call.ts";
import type { RetryPolicy } from "../../patterns/retry-backoff.ts";
import { type RunningService, runningService } from "../../patterns/running-service.ts";
import { serviceApp } from "../../patterns/service-app.ts";
import { unavailable, unknownOutcome } from "../../patterns/store-trouble.ts";
import type { CallerClock, CallService, RecordSeen } from "../../service-needs.ts";
import { newPaymentSchema } from "../payment/payment-input.ts";

/** What the checkout is given when it starts. It has no store of its own. */
export interface CheckoutNeeds {
  readonly clock: CallerClock;
  readonly random: () => number;
  readonly newId: () => string;
  readonly fetch: CallService;
  readonly record: RecordSeen;
}

/** The safety mechanisms of its calls. Built at every start; a defect replaces exactly one. */
export interface CheckoutMechanisms {
  readonly makeBreaker: MakeBreaker;
  readonly timeoutMs: number | null;
  readonly tryAgain: TryAgain;
  /** The request key of attempt n. It must not depend on the attempt. */
  readonly keyOfAttempt: (key: string, attempt: number) => string;
}

/** The mechanisms of the hardened form. */
export function hardenedCheckoutMechanisms(): CheckoutMechanisms {
  return {
    makeBreaker: selfHealingBreaker,
    timeoutMs: 400,
    tryAgain: tryPassingFailures,
    keyOfAttempt: (key) => key,
  };
}

/** Short of the patience of those who call the checkout. */
const callPolicy: RetryPolicy = { attempts: 3, backoffMs: 20, backoffMsMax: 100 };

/**
 * Takes payments for orders by calling the payment service. `POST /payments` pays for an order, once
 * however often it is asked; `GET /payments/:orderId` says what is paid.
 *
 * Errors: 400 bad input · 409 whatever the payment service refuses · 503 `unavailable` (a read) or
 * `unknown-outcome` (it may have been paid; ask again).
 */
export function checkoutService(needs: CheckoutNeeds, mechanisms: CheckoutMechanisms): RunningService {
  const call = paymentCaller(needs, mechanisms);
  const app = serviceApp();

  app.post("/payments", async (context) => {
    const body = await readBody(context.req.raw, newPaymentSchema);
    if (!body.good) return toResponse(body.answer);
    const { orderId } = body.value;
    const outcome = await call(orderId, (attempt) => ({
      method: "POST",
      url: "http://payment/payments",
      body: body.value,
      requestKey: mechanisms.keyOfAttempt(`checkout/${orderId}`, attempt),
    }));
    return toResponse(answerOf(outcome, unknownOutcome()));
  });

  app.get("/payments/:orderId", async (context) => {
    const id = readId(context.req.param("orderId"));
    if (!id.good) return toResponse(id.answer);
    const outcome = await call(id.value, () => ({
      method: "GET",
      url: `http://payment/payments/${id.value}`,
    }));
    return toResponse(answerOf(outcome, unavailable()));
  });

  return runningService(app, { closeClients: () => Promise.resolve() });
}

/** Calls the payment service with retries, a time limit and a circuit breaker. */
function paymentCaller(needs: CheckoutNeeds, { makeBreaker, timeoutMs, tryAgain }: CheckoutMechanisms) {
  const { clock, random } = needs;
  const log = callLog(needs);
  const breaker = makeBreaker(clock, breakerPolicy);
  return async (orderId: string, request: (attempt: number) => OutgoingRequest): Promise<CallOutcome> => {
    const trace = log(`payment/${orderId}`);
    const outcome = await retriedCall({
      clock,
      random,
      policy: callPolicy,
      tryAgain,
      send: async (attempt) => {
        const result = await outgoingCall(needs, request(attempt), { timeoutMs, breaker });
        trace.attempt(result.kind);
        return result;
      },
    });
    trace.end();
    return outcome;
  };
}

/** The payment service's own answer where it gave one. */
function answerOf(outcome: CallOutcome, open: Answer): Answer {
  if (outcome.kind === "done") return jsonAnswer(outcome.status, outcome.body);
  if (outcome.kind !== "refused") return open;
  if (outcome.body !== null) return jsonAnswer(outcome.status, outcome.body);
  return errorAnswer(outcome.status, "refused", "The payment service refused.");
}
