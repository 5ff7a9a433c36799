import { type Answer, errorAnswer, jsonAnswer, toResponse } from "../../patterns/answer.ts";
import { readBody, readId } from "../../patterns/bad-input.ts";
import { callLog } from "../../patterns/call-log.ts";
import { breakerPolicy, type CircuitBreaker, selfHealingBreaker } from "../../patterns/circuit-breaker.ts";
import { durableSagaLog, type SagaLogNeeds } from "../../patterns/durable-saga-log.ts";
import { storeAnswers } from "../../patterns/health-routes.ts";
import { outgoingCall } from "../../patterns/outgoing-call.ts";
import { type RunningService, runningService } from "../../patterns/running-service.ts";
import type { SagaLog, SagaStatus, SagaTables } from "../../patterns/saga-log.ts";
import {
  hardenedOrchestratorMechanisms,
  type OrchestratorMechanisms,
  SagaOrchestrator,
} from "../../patterns/saga-orchestrator.ts";
import type { SagaCommand } from "../../patterns/saga-step.ts";
import { serviceApp } from "../../patterns/service-app.ts";
import { StoreFailure } from "../../patterns/store-failure.ts";
import { answerStoreTrouble } from "../../patterns/store-trouble.ts";
import type { CallerClock, CallService, RecordSeen, ServiceNeeds } from "../../service-needs.ts";
import { type NewOrder, newOrderSchema } from "../order/order-input.ts";
import { orderSagaSteps } from "./order-saga-steps.ts";

/** What the order saga's orchestrator is given when it starts. */
export interface OrderSagaNeeds extends ServiceNeeds<SagaTables> {
  /** Its name among the processes that drive sagas; the same after a restart. */
  readonly name: string;
  readonly clock: CallerClock;
  readonly fetch: CallService;
  readonly record: RecordSeen;
}

/** The safety mechanisms of the orchestrator. Built at every start; a defect replaces exactly one. */
export interface OrderSagaMechanisms extends OrchestratorMechanisms {
  readonly makeLog: (needs: SagaLogNeeds) => SagaLog;
}

/** The mechanisms of the hardened form. */
export function hardenedOrderSagaMechanisms(): OrderSagaMechanisms {
  return { ...hardenedOrchestratorMechanisms(), makeLog: durableSagaLog };
}

/** How long a participant may take; longer than its own tries at its store take when that is well. */
const callTimeoutMs = 400;

/**
 * Processes orders. `POST /orders` accepts one (202): from then on it will be processed; the same order
 * again gets the same answer. `GET /orders/:id` says how its processing stands, `GET /pending` how many
 * orders are being processed.
 *
 * Errors: 400 bad input · 404 `not-found` · 409 `already-exists` (another order with this id) · 503
 * `unavailable` or `no-free-connection` (a read) or `unknown-outcome` (it may have been accepted).
 */
export function orderSagaService(needs: OrderSagaNeeds, mechanisms: OrderSagaMechanisms): RunningService {
  const { database, clock, random, newId, name } = needs;
  const log = mechanisms.makeLog({ database, clock, random, newId, owner: name });
  const calls = callLog(needs);
  const orchestrator = new SagaOrchestrator<NewOrder>(
    {
      clock,
      random,
      log,
      steps: orderSagaSteps,
      send: commandSender(needs),
      observer: {
        state: (id, state) => needs.record("saga", `order/${id}`, { state }),
        attempted: (id, step, kind) => needs.record("attempted", `order/${id}`, { step, kind }),
        calling: (id, step, kind) => calls(`order/${id}/${step}/${kind}`),
      },
    },
    mechanisms,
  );
  orchestrator.run();
  const app = serviceApp(storeAnswers(database));

  app.post("/orders", async (context) => {
    const body = await readBody(context.req.raw, newOrderSchema);
    if (!body.good) return toResponse(body.answer);
    return toResponse(await answerStoreTrouble(() => accept(orchestrator, body.value)));
  });

  app.get("/orders/:id", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    return toResponse(await answerRead(async () => shownSaga(id.value, await log.find(id.value))));
  });

  app.get("/pending", async () =>
    toResponse(await answerRead(async () => jsonAnswer(200, { pending: await log.pending() }))),
  );

  return runningService(app, {
    stopWork: () => orchestrator.stop(),
    closeClients: () => database.destroy(),
  });
}

async function accept(orchestrator: SagaOrchestrator<NewOrder>, order: NewOrder): Promise<Answer> {
  const { orderId } = order;
  const status = await orchestrator.begin(orderId, order);
  if (status.input !== JSON.stringify(order)) {
    return errorAnswer(409, "already-exists", `There is another order ${orderId} already.`);
  }
  return jsonAnswer(202, { orderId, state: status.state });
}

/** A read that failed leaves no doubt. */
function answerRead(read: () => Promise<Answer>): Promise<Answer> {
  return answerStoreTrouble(async () => {
    try {
      return await read();
    } catch (error) {
      throw error instanceof StoreFailure ? new StoreFailure("not-done", false, error) : error;
    }
  });
}

function shownSaga(orderId: string, status: SagaStatus | null): Answer {
  return status === null
    ? errorAnswer(404, "not-found", `There is no order ${orderId}.`)
    : jsonAnswer(200, { orderId, state: status.state });
}

/** Sends commands, each participant behind a circuit breaker of its own. */
function commandSender(needs: OrderSagaNeeds) {
  const breakers = new Map<string, CircuitBreaker>();
  const breakerOf = (service: string): CircuitBreaker => {
    const known = breakers.get(service);
    if (known !== undefined) return known;
    const breaker = selfHealingBreaker(needs.clock, breakerPolicy);
    breakers.set(service, breaker);
    return breaker;
  };
  return ({ service, path, body }: SagaCommand, requestKey: string) =>
    outgoingCall(
      needs,
      { method: "POST", url: `http://${service}${path}`, requestKey, body: body ?? {} },
      { timeoutMs: callTimeoutMs, breaker: breakerOf(service) },
    );
}
