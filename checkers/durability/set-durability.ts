import { ADD, READ } from "../entity/key-kind.ts";
import { keyName, operationName, sessionName, valueText } from "../history/describe-operation.ts";
import { identityOf } from "../history/json-value.ts";
import { type DurabilityFindings, type DurabilityTask, isFinalRead, walkInOrder } from "./final-state.ts";

/**
 * A set: each final read lists every element whose `add` was acknowledged before the read was sent. Shows
 * the first missing element per read. Linear: the search ends at the first missing one, so that a read of
 * n elements looks at n + 1 elements at most.
 */
export function checkSetDurability(task: DurabilityTask): DurabilityFindings {
  const { history } = task;
  const findings: DurabilityFindings = { acknowledged: 0, finalReads: 0, unclear: null };
  const added = new Map<string | number | boolean | null, number>();
  const visit = (row: number, role: number): void => {
    if (role !== READ || !isFinalRead(history, row)) return;
    const read = history.mate[row]!;
    const elements = history.value[read];
    if (!Array.isArray(elements)) {
      findings.unclear ??= `${operationName(history, read)} reads something that is no list`;
      return;
    }
    findings.finalReads++;
    const present = new Set(elements.map(identityOf));
    for (const [element, add] of added) {
      if (present.has(element)) continue;
      addMissing(task, history.mate[add]!, add, read);
      return;
    }
  };
  const completed = (row: number, role: number): void => {
    if (role !== ADD) return;
    findings.acknowledged++;
    const element = identityOf(history.value[row] ?? null);
    if (!added.has(element)) added.set(element, row);
  };
  walkInOrder(task, visit, completed);
  return findings;
}

function addMissing(task: DurabilityTask, told: number, add: number, read: number): void {
  const { history, key, anomalies } = task;
  const proof = () =>
    `${sessionName(history, told)} was told that ${valueText(history.value[add])} is in ${keyName(history, key)} ` +
    `(${operationName(history, told)}), but it is missing in the final read (${operationName(history, read)})`;
  anomalies.add({ type: "lost-element", key, rows: [told, read], proof });
}
