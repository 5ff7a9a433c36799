import { RegisterValues } from "../entity/register-values.ts";
import { keyName, operationName, sessionName, valueText } from "../history/describe-operation.ts";
import { OK } from "../history/history.ts";
import type { Json } from "../history/operation.ts";
import { type ReadOfStart, type SessionEdges, sessionEdges } from "./session-edges.ts";
import type { SessionFindings, SessionTask } from "./session-task.ts";
import { contradiction, type OrderEdge } from "./value-order.ts";

/**
 * On a register whose written values are unique: is there an order of its values, the value at the start
 * first, that agrees with what the guarantee says of each session, and in which each `cas` leads from its
 * old to its new value? What is promised for writes can be seen by readers only: there the order must also
 * be one that each session's reads go through without going back; where reads contradict each other by
 * themselves nothing can be told. Linear.
 */
export function checkRegisterSessions(task: SessionTask): SessionFindings {
  const { guarantee, history, key, rows, roles, anomalies } = task;
  const values = new RegisterValues(history, rows, roles);
  const unclear = values.ambiguity();
  if (unclear !== null) return { compared: 0, unclear };
  const found = sessionEdges(task, values, guarantee.earlier, guarantee.later);
  if (found.unclear !== null) return { compared: found.compared, unclear: found.unclear };
  const cas = casEdges(task, values);
  const edges = found.edges.concat(cas);
  if (guarantee.later === "writes") {
    const seen = sessionEdges(task, values, "reads", "reads");
    const problem = whyUnseen(task, values, seen, cas);
    if (problem !== null) return { compared: found.compared, unclear: problem };
    // Where the earlier calls are reads their order is among the edges already.
    if (guarantee.earlier === "writes") for (const edge of seen.edges) edges.push(edge);
  } else {
    for (const read of found.readsOfStart) addReadOfStart(task, read);
  }
  const cycle = contradiction(values.count, edges);
  if (cycle !== null) {
    const [first, ...others] = cycle.map(({ because }) => because);
    const proof = () => contradictionProof(task, values, cycle);
    anomalies.add({ type: guarantee.contradict, key, rows: [first!, ...others], proof });
  }
  return { compared: found.compared, unclear: null };
}

/** Each successful `cas` found its old value and stored its new one. */
function casEdges({ history, rows }: SessionTask, values: RegisterValues): OrderEdge[] {
  const edges: OrderEdge[] = [];
  for (let at = 0; at < rows.length; at++) {
    const before = values.seen[at]!;
    const after = values.stored[at]!;
    const mate = history.mate[rows[at]!]!;
    if (before < 0 || after < 0 || before === after || history.type[mate] !== OK) continue;
    edges.push({ before, after, because: mate });
  }
  return edges;
}

/** Why reads do not tell in which order values were written; null where they do. */
function whyUnseen(
  { history }: SessionTask,
  values: RegisterValues,
  seen: SessionEdges,
  cas: readonly OrderEdge[],
): string | null {
  if (seen.unclear !== null) return seen.unclear;
  const [start] = seen.readsOfStart;
  const wrong = start?.read ?? contradiction(values.count, seen.edges.concat(cas))?.[0]?.because;
  if (wrong === undefined) return null;
  return `reads of it go back (${operationName(history, wrong)}), so they do not tell the order of its writes`;
}

function addReadOfStart({ guarantee, history, key, anomalies }: SessionTask, found: ReadOfStart): void {
  const { toldBy, read } = found;
  const told = () =>
    guarantee.earlier === "writes"
      ? `was told that its write of ${keyName(history, key)} is stored (${operationName(history, toldBy)})`
      : `read a later value of ${keyName(history, key)} (${operationName(history, toldBy)})`;
  const proof = () =>
    `${sessionName(history, read)} ${told()}, but when it read afterwards it got ` +
    `${valueText(history.value[read])}, which was there before any write (${operationName(history, read)})`;
  anomalies.add({ type: guarantee.wentBack, key, rows: [toldBy, read], proof });
}

function contradictionProof(
  { guarantee, history, key }: SessionTask,
  values: RegisterValues,
  cycle: readonly OrderEdge[],
): string {
  const text = (value: number): string => valueText(values.valueOf(value) as Json);
  return (
    `no order of the values of ${keyName(history, key)} explains ${guarantee.explained}: ` +
    cycle
      .map(
        ({ before, after, because }) =>
          `${text(before)} came before ${text(after)}, as ${sessionName(history, because)} showed ` +
          `(${operationName(history, because)})`,
      )
      .join("; ")
  );
}
