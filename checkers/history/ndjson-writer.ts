import type { HistoryHeader } from "./history.ts";
import type { HistoryEvent, Operation, RecordEvent } from "./operation.ts";

/**
 * The header as one line of NDJSON, without the line end. Same header, same bytes: fields have a fixed
 * order; the plan keeps the order in which it was built.
 */
export function formatHeader(header: HistoryHeader): string {
  const { format, version, scenario, form, lane, components, seed, token, plan } = header;
  return JSON.stringify({ format, version, scenario, form, lane, components, seed, token, plan });
}

/**
 * One event as one line of NDJSON, without the line end. Same event, same bytes: fields have a fixed
 * order, and absent ones are left out. Numbers must be finite: JSON has no others.
 */
export function formatEvent(event: HistoryEvent): string {
  if (event.type === "fault") {
    const { index, time, type, id, fault, event: what, target, bites } = event;
    return JSON.stringify({ index, time, type, id, fault, event: what, target, bites });
  }
  if (event.type === "phase") {
    const { index, time, type, phase } = event;
    return JSON.stringify({ index, time, type, phase });
  }
  return event.type === "record" ? formatRecord(event) : formatOperation(event);
}

function formatRecord({ index, time, type, f, key, node, value, final }: RecordEvent): string {
  return JSON.stringify({
    index,
    time,
    type,
    f,
    key,
    node,
    value,
    final: final === true ? true : undefined,
  });
}

function formatOperation(event: Operation): string {
  const { index, time, process, client, type, f, key, value, error, node, final } = event;
  let line = `{"index":${index},"time":${time},"process":${JSON.stringify(process)}`;
  if (client !== undefined) line += `,"client":${client}`;
  line += `,"type":"${type}","f":${JSON.stringify(f)}`;
  if (key !== undefined) line += `,"key":${JSON.stringify(key)}`;
  if (value !== undefined) line += `,"value":${JSON.stringify(value)}`;
  if (error !== undefined) line += `,"error":${JSON.stringify({ code: error.code, message: error.message })}`;
  if (node !== undefined) line += `,"node":${JSON.stringify(node)}`;
  if (final === true) line += `,"final":true`;
  return `${line}}`;
}
