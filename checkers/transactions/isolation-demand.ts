import { forbiddenTypes } from "./isolation-anomalies.ts";
import { isolationLevel, type OrderDemand, orderDemandOf } from "./isolation-levels.ts";
import type { IsolationOptions } from "./isolation-options.ts";

/** What is demanded of transactions. */
export interface IsolationDemand {
  /** Demanded levels, by their own names. */
  readonly levels: readonly string[];
  /** Kinds of anomalies that must not be there. */
  readonly forbidden: ReadonlySet<string>;
  /** The order besides that of the data that the levels and anomalies ask for. */
  readonly order: OrderDemand;
}

/** What these options demand. @throws RangeError where a level or an anomaly is not known. */
export function isolationDemand({ isolation, anomalies }: IsolationOptions): IsolationDemand {
  const standard = anomalies === undefined ? ["strict-serializable"] : [];
  const given = isolation === undefined ? standard : typeof isolation === "string" ? [isolation] : isolation;
  const levels = given.map(isolationLevel);
  const forbidden = forbiddenTypes(levels, anomalies ?? []);
  let order = orderDemandOf(levels);
  for (const type of anomalies ?? []) {
    if (type.endsWith("-realtime")) order = "real-time";
    else if (type.endsWith("-process") && order === "none") order = "session";
  }
  return { levels, forbidden, order };
}

/** The demand in words: `strict-serializable isolation`. */
export function demandText({ levels }: IsolationDemand): string {
  return levels.length === 0 ? "the absence of the anomalies named" : levels.join(" and ");
}
