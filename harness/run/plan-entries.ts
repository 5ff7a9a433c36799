import type { Plan } from "./plan.ts";

/** Names one fault (`fault:2`) or one operation (`client0:3`) of a plan by its position. */
export type PlanEntry = string;

/** Every fault, then every operation, client after client. */
export function entriesOf({ faults, clients }: Plan): PlanEntry[] {
  return [
    ...faults.map((_, position) => `fault:${position}`),
    ...clients.flatMap((operations, client) =>
      operations.map((_, position) => `client${client}:${position}`),
    ),
  ];
}

/** The plan without some entries. Clients keep their numbers; those at the end that have nothing left go. */
export function withoutEntries(plan: Plan, removed: ReadonlySet<PlanEntry>): Plan {
  if (removed.size === 0) return plan;
  const clients = plan.clients.map((operations, client) =>
    operations.filter((_, position) => !removed.has(`client${client}:${position}`)),
  );
  while (clients.at(-1)?.length === 0) clients.pop();
  const faults = plan.faults.filter((_, position) => !removed.has(`fault:${position}`));
  return { ...plan, clients, faults };
}
