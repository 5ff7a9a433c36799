import { FAIL, OK } from "../history/history.ts";
import { fieldOf, isSameJson } from "../history/json-value.ts";
import { numberOf } from "./collect-acquisitions.ts";
import type { ResourceTask } from "./resource-task.ts";

/** Writes that are looked at for one record: so many overlap at most where a store answers in turn. */
const windowMax = 32;

/**
 * Does each accepted write go with one that was asked for and not refused, and each acknowledged one with one that was
 * accepted, one to one and almost in the same order? Then there is nothing to report. False says nothing: then all writes must be
 * compared with all. Linear, and without a table.
 */
export function pairsOff(task: ResourceTask): boolean {
  const { history, writes, accepted } = task;
  const isTaken = new Uint8Array(writes.length);
  let head = 0;
  for (let at = 0; at < accepted.length; at++) {
    while (head < writes.length && (isTaken[head] === 1 || isRefused(task, writes[head]!))) head++;
    const end = Math.min(writes.length, head + windowMax);
    let place = head;
    while (place < end && !(isTaken[place] === 0 && isSame(task, writes[place]!, accepted[at]!))) place++;
    if (place === end) return false;
    isTaken[place] = 1;
  }
  for (let at = 0; at < writes.length; at++) {
    const mate = history.mate[writes[at]!]!;
    if (isTaken[at] === 0 && mate >= 0 && history.type[mate] === OK) return false;
  }
  return true;
}

function isRefused({ history }: ResourceTask, write: number): boolean {
  const mate = history.mate[write]!;
  return mate >= 0 && history.type[mate] === FAIL;
}

function isSame(task: ResourceTask, write: number, record: number): boolean {
  const { history, fields } = task;
  const asked = history.value[write];
  const stored = history.value[record];
  return (
    Object.is(numberOf(asked, fields.token), numberOf(stored, fields.token)) &&
    isSameJson(fieldOf(asked, fields.value) ?? null, fieldOf(stored, fields.value) ?? null) &&
    fieldOf(asked, fields.lock) === fieldOf(stored, fields.lock) &&
    Object.is(numberOf(asked, fields.acquisition), numberOf(stored, fields.acquisition)) &&
    !isRefused(task, write)
  );
}
