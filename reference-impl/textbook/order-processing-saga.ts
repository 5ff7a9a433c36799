import type { CallService, ServiceClock } from "../service-needs.ts";
import type { OrderLine } from "../services/order/order-input.ts";

/** The seed's `SagaStepResult`. */
export type SagaStepResult = "SUCCESS" | "FAILURE" | "RETRY";

/** The seed's `order_data`. */
export interface SeedOrderData {
  readonly order_id: string;
  readonly customer_id: string;
  readonly items: readonly OrderLine[];
}

/** The seed's `context`: what the steps of one saga tell each other. */
export interface SagaContext {
  readonly order_data: SeedOrderData;
  reservation_id?: string;
  payment_id?: string;
  inventory_updated?: boolean;
  notification_sent?: boolean;
}

/** The seed's `SagaStep`. */
export interface SeedSagaStep {
  readonly name: string;
  execute(context: SagaContext): Promise<SagaStepResult>;
  compensate(context: SagaContext): Promise<boolean>;
}

/** Sends a JSON body and answers the status. */
type Post = (url: string, body: unknown) => Promise<number>;

/**
 * The seed's five steps (section 5). Where the seed sleeps to simulate work there is a request to the
 * service whose work it is. A 4xx is FAILURE, as the seed's checks for stock and amount are; a 5xx is RETRY,
 * which the seed has and never returns; a connection that breaks is an exception.
 */
export function seedSagaSteps(fetch: CallService): readonly SeedSagaStep[] {
  const post: Post = async (url, body) => {
    const headers = { "content-type": "application/json" };
    return (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).status;
  };
  return [
    validateOrder,
    reserveInventory(post),
    processPayment(post),
    updateInventory(post),
    sendNotification(post),
  ];
}

function resultOf(status: number): SagaStepResult {
  return status < 300 ? "SUCCESS" : status < 500 ? "FAILURE" : "RETRY";
}

const validateOrder: SeedSagaStep = {
  name: "validate",
  async execute({ order_data }) {
    if (!order_data.customer_id) return "FAILURE";
    return order_data.items.length > 0 ? "SUCCESS" : "FAILURE";
  },
  compensate: async () => true,
};

function reserveInventory(post: Post): SeedSagaStep {
  return {
    name: "reserve",
    async execute(context) {
      const { order_id, items } = context.order_data;
      const result = resultOf(await post("http://inventory/reserve", { order_id, items }));
      if (result === "SUCCESS") context.reservation_id = `reservation_${order_id}`;
      return result;
    },
    async compensate({ reservation_id, order_data: { order_id, items } }) {
      if (reservation_id === undefined) return true;
      return (await post("http://inventory/release", { order_id, items })) < 300;
    },
  };
}

function processPayment(post: Post): SeedSagaStep {
  return {
    name: "payment",
    async execute(context) {
      const { order_id, items } = context.order_data;
      const total_amount = items.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
      const result = resultOf(await post("http://payment/pay", { order_id, total_amount }));
      if (result === "SUCCESS") context.payment_id = `payment_${order_id}`;
      return result;
    },
    async compensate({ payment_id, order_data: { order_id, items } }) {
      if (payment_id === undefined) return true;
      const total_amount = items.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
      return (await post("http://payment/refund", { order_id, total_amount })) < 300;
    },
  };
}

function updateInventory(post: Post): SeedSagaStep {
  return {
    name: "ship",
    async execute(context) {
      const { order_id, items } = context.order_data;
      const result = resultOf(await post("http://inventory/update", { order_id, items }));
      if (result === "SUCCESS") context.inventory_updated = true;
      return result;
    },
    async compensate({ inventory_updated, order_data: { order_id, items } }) {
      if (!inventory_updated) return true;
      return (await post("http://inventory/revert", { order_id, items })) < 300;
    },
  };
}

function sendNotification(post: Post): SeedSagaStep {
  return {
    name: "notify",
    async execute(context) {
      const { order_id, customer_id } = context.order_data;
      const text = `Your order ${order_id} is confirmed.`;
      const result = resultOf(await post("http://notification/notify", { order_id, customer_id, text }));
      if (result === "SUCCESS") context.notification_sent = true;
      return result;
    },
    async compensate({ notification_sent, order_data: { order_id, customer_id } }) {
      if (!notification_sent) return true;
      const text = `Your order ${order_id} is cancelled.`;
      return (await post("http://notification/notify", { order_id, customer_id, text })) < 300;
    },
  };
}

/** The seed's `OrderProcessingSaga`, line by line. Its progress is a list in memory. */
export class OrderProcessingSaga {
  readonly #steps: readonly SeedSagaStep[];
  readonly #clock: ServiceClock;
  readonly #completedSteps: number[] = [];
  readonly #print: (failedStep: string) => void;

  /** `print` is told of each step whose compensation failed: the seed prints an error, and passes over a `False`. */
  constructor(
    steps: readonly SeedSagaStep[],
    clock: ServiceClock,
    print: (failedStep: string) => void = () => {},
  ) {
    this.#steps = steps;
    this.#clock = clock;
    this.#print = print;
  }

  async execute(order_data: SeedOrderData): Promise<boolean> {
    const context: SagaContext = { order_data };
    try {
      for (const [i, step] of this.#steps.entries()) {
        let result = await step.execute(context);
        if (result === "SUCCESS") this.#completedSteps.push(i);
        else if (result === "FAILURE") {
          await this.#compensate(context);
          return false;
        } else {
          await this.#clock.sleep(1000);
          result = await step.execute(context);
          if (result !== "SUCCESS") {
            await this.#compensate(context);
            return false;
          }
          this.#completedSteps.push(i);
        }
      }
      return true;
    } catch {
      await this.#compensate(context);
      return false;
    }
  }

  async #compensate(context: SagaContext): Promise<void> {
    for (const i of this.#completedSteps.toReversed()) {
      const step = this.#steps[i];
      try {
        if ((await step?.compensate(context)) === false) this.#print(step?.name ?? "");
      } catch {
        // "Compensation failed for step …": the seed prints it and goes on.
        this.#print(step?.name ?? "");
      }
    }
  }
}
