/** A route of a service, with what a good request to it says. */
export interface ServiceRoute {
  readonly method: "GET" | "POST" | "PUT";
  /** With `{id}` where an id stands. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** It needs an `Idempotency-Key` header. */
  readonly isKeyed?: true;
  /** Fields that may be left out, or be null. */
  readonly optional?: readonly string[];
  /** Query strings that are wrong. */
  readonly badQueries?: readonly string[];
}

type Routes = readonly ServiceRoute[];

const requestKey = "k";
const undo = { body: { undoes: "k" }, isKeyed: true } as const;
const messages: ServiceRoute = { method: "GET", path: "/messages" };
const item: Routes = [
  { method: "POST", path: "/items", body: { id: "i", stock: 5, requestKey } },
  { method: "GET", path: "/items/{id}" },
];
const movements = (path: string): Routes =>
  ["reservations", "releases", "shipments", "restocks"].map((kind) => ({
    ...{ method: "POST", path: `${path}/{id}/${kind}`, body: { quantity: 1, requestKey } },
  }));
const user = { email: "a@example.org", name: "a" };
const users: Routes = [
  { method: "POST", path: "/users", body: { id: "u", ...user }, isKeyed: true, optional: ["id"] },
  { method: "GET", path: "/users/{id}" },
  { method: "PUT", path: "/users/{id}", body: { expectedVersion: 1, ...user }, isKeyed: true },
];
const order = { orderId: "o", customerId: "c", items: [{ itemId: "i", quantity: 1, price: 2 }] };
const payment = { orderId: "o", amount: 2 };
const choreographed = { id: "o", contact: "c@example.org", lines: [{ item: "i", quantity: 1 }], amount: 2 };
const choreographedOrders: Routes = [
  { method: "POST", path: "/orders", body: { ...choreographed, requestKey } },
  { method: "GET", path: "/orders/{id}" },
  { method: "POST", path: "/orders/{id}/changes", body: { contact: "c", requestKey } },
  messages,
];
const notices: ServiceRoute = { method: "GET", path: "/notices/{id}" };
const entry = { id: "e", author: "a", after_id: null, text: "t" };
const entries: ServiceRoute = {
  ...{ method: "POST", path: "/entries", body: entry, isKeyed: true, optional: ["after_id"] },
};
const badSeen = ["?seen={", "?seen=7", '?seen={"a":-1}', '?seen={"a":0.5}', '?seen={"a":"1"}'];

/** By system and service the routes of the hardened forms. */
export const serviceRoutes: Readonly<Record<string, Readonly<Record<string, Routes>>>> = {
  shop: {
    user: users,
    recommendation: [{ method: "GET", path: "/profiles/{id}" }, messages],
    product: [
      {
        ...{ method: "POST", path: "/products", optional: ["id", "stock"] },
        body: { id: "p", name: "Red Ink", price: 1, category: "pens", stock: 1, requestKey },
      },
      { method: "GET", path: "/products/{id}" },
      {
        ...{ method: "PUT", path: "/products/{id}/price", optional: ["expectedVersion"] },
        body: { price: 2, expectedVersion: 1, requestKey },
      },
      ...movements("/products"),
      messages,
    ],
    "product-query": [
      { method: "GET", path: "/products/{id}" },
      { method: "GET", path: "/categories/pens", badQueries: ["?limit=0", "?limit=101", "?limit=x"] },
      {
        ...{ method: "GET", path: "/search" },
        badQueries: ["", "?word=", "?word=%20", `?word=${"x".repeat(101)}`, "?word=ink&limit=-1"],
      },
      { method: "POST", path: "/rebuilds" },
      { method: "GET", path: "/rebuilds" },
      messages,
    ],
    "order-saga": [
      { method: "POST", path: "/orders", body: order },
      { method: "GET", path: "/orders/{id}" },
      { method: "GET", path: "/pending" },
    ],
    order: [
      { method: "POST", path: "/orders", body: order, isKeyed: true },
      { method: "GET", path: "/orders/{id}" },
      { method: "POST", path: "/orders/{id}/confirmation", isKeyed: true },
      { method: "POST", path: "/orders/{id}/cancellation", ...undo },
      messages,
    ],
    inventory: [
      ...item,
      ...movements("/items"),
      {
        ...{ method: "POST", path: "/reservations", isKeyed: true },
        body: { orderId: "o", items: [{ itemId: "i", quantity: 1 }] },
      },
      { method: "POST", path: "/reservations/{id}/release", ...undo },
      { method: "POST", path: "/shipments", body: { orderId: "o" }, isKeyed: true },
      { method: "POST", path: "/shipments/{id}/return", ...undo },
    ],
    payment: [
      { method: "POST", path: "/payments", body: payment, isKeyed: true },
      { method: "GET", path: "/payments/{id}" },
      { method: "POST", path: "/payments/{id}/refund", ...undo },
    ],
    notification: [
      {
        ...{ method: "POST", path: "/notifications", isKeyed: true },
        body: { orderId: "o", customerId: "c", text: "t" },
      },
      notices,
      messages,
    ],
  },
  "replicated-user": { user: users },
  "announced-orders": { order: choreographedOrders, notification: [notices, messages] },
  choreography: { order: choreographedOrders, inventory: [...item, messages], payment: [messages] },
  "resilient-calls": {
    checkout: [
      { method: "POST", path: "/payments", body: payment },
      { method: "GET", path: "/payments/{id}" },
    ],
  },
  "report-writer": {
    "worker-a": [
      { method: "GET", path: "/reports/{id}" },
      { method: "POST", path: "/leases", body: { id: "l", report: "r" } },
      { method: "PUT", path: "/leases/{id}/report", body: { value: "v" }, isKeyed: true },
      { method: "POST", path: "/leases/{id}/release" },
    ],
  },
  storefront: { storefront: [{ method: "GET", path: "/products/{id}" }] },
  blog: {
    blog: [entries, { method: "GET", path: "/entries" }, { method: "GET", path: "/entries/{id}" }],
    comments: [entries, messages],
    "reader-a": [
      { method: "GET", path: "/entries", badQueries: badSeen },
      { method: "GET", path: "/entries/{id}", badQueries: badSeen },
      messages,
    ],
  },
};
