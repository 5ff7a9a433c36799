import { COMMITTED, PUBLISHED } from "./delivery-records.ts";
import type { DeliveryTask } from "./delivery-task.ts";
import {
  addDuplicatePublication,
  addLostMessage,
  addPhantomMessage,
  addReorderedPublication,
  type StreamSubject,
} from "./delivery-wording.ts";

/**
 * Judges what a stream has on the bus, position `from` up to `to` of the records, once the table is filled:
 * published if and only if committed, first publications in the order of the commits. Answers how many
 * publications were repetitions. Linear.
 */
export function checkPublications(
  task: DeliveryTask,
  subject: StreamSubject,
  from: number,
  to: number,
): number {
  const { records, table, rules } = task;
  const [committedComplete, publishedComplete] = [
    records.isComplete[COMMITTED] === true,
    records.isComplete[PUBLISHED] === true,
  ];
  let repetitions = 0;
  for (let id = 0; id < table.messages; id++) {
    const [commit, publication] = [table.committed[id]!, table.published[id]!];
    if (publication < 0) {
      if (commit >= 0 && publishedComplete) addLostMessage(subject, commit);
      continue;
    }
    const count = table.publications[id]!;
    repetitions += count - 1;
    if (count > 1 && rules.exactlyOncePublish) {
      addDuplicatePublication(subject, publication, table.publishedAgain[id]!, count);
    }
    if (commit < 0 && committedComplete) addPhantomMessage(subject, publication);
  }
  if (rules.isOrdered && publishedComplete) checkOrder(task, subject, from, to);
  return repetitions;
}

function checkOrder(
  { records, table }: DeliveryTask,
  subject: StreamSubject,
  from: number,
  to: number,
): void {
  const { what, message, order } = records;
  let highest = -1;
  for (let at = from; at < to; at++) {
    if (what[at] !== PUBLISHED || table.published[message[at]!] !== at) continue;
    const commit = table.committed[message[at]!]!;
    if (commit < 0 || Number.isNaN(order[commit]!)) continue;
    if (highest >= 0 && order[commit]! < order[table.committed[message[highest]!]!]!) {
      addReorderedPublication(subject, highest, at);
    } else highest = at;
  }
}
