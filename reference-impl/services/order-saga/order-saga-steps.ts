import type { SagaStep } from "../../patterns/saga-step.ts";
import { type NewOrder, orderAmount } from "../order/order-input.ts";

// The names of the services that take part.
const [order, inventory, payment, notification] = ["order", "inventory", "payment", "notification"] as const;

/**
 * How an order is processed. The seed's ValidateOrder is done at the door; its other steps are here, within
 * an order that is PENDING from the first to the last. From `confirm` on nothing can fail any more: what
 * follows is sent until it is done.
 */
export const orderSagaSteps: readonly SagaStep<NewOrder>[] = [
  {
    name: "order",
    do: (input) => ({ service: order, path: "/orders", body: input }),
    undo: ({ orderId }) => ({ service: order, path: `/orders/${orderId}/cancellation` }),
  },
  {
    name: "reserve",
    do: ({ orderId, items }) => ({
      service: inventory,
      path: "/reservations",
      body: { orderId, items: items.map(({ itemId, quantity }) => ({ itemId, quantity })) },
    }),
    undo: ({ orderId }) => ({ service: inventory, path: `/reservations/${orderId}/release` }),
  },
  {
    name: "payment",
    do: ({ orderId, items }) => ({
      service: payment,
      path: "/payments",
      body: { orderId, amount: orderAmount(items) },
    }),
    undo: ({ orderId }) => ({ service: payment, path: `/payments/${orderId}/refund` }),
  },
  {
    name: "ship",
    do: ({ orderId }) => ({ service: inventory, path: "/shipments", body: { orderId } }),
    undo: ({ orderId }) => ({ service: inventory, path: `/shipments/${orderId}/return` }),
  },
  {
    name: "confirm",
    do: ({ orderId }) => ({ service: order, path: `/orders/${orderId}/confirmation` }),
  },
  {
    name: "notify",
    do: ({ orderId, customerId }) => ({
      service: notification,
      path: "/notifications",
      body: { orderId, customerId, text: `Your order ${orderId} is confirmed.` },
    }),
  },
];
