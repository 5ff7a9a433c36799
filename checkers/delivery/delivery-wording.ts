import type { AnomalyList } from "../anomaly-list.ts";
import { keyName, nodeName, operationName, recordNames } from "../history/describe-operation.ts";
import { clippedText } from "../history/excerpt.ts";
import type { History } from "../history/history.ts";
import type { DeliveryRecords } from "./delivery-records.ts";

/** The stream that an anomaly is about. Messages are given by positions of their records. */
export interface StreamSubject {
  readonly history: History;
  readonly records: DeliveryRecords;
  /** Position in `history.keys`. */
  readonly key: number;
  readonly anomalies: AnomalyList;
}

/** Longest message id in a proof, in characters. */
const idLength = 80;

/** A message that never reached the bus. */
export function addLostMessage(subject: StreamSubject, commit: number): void {
  const { history, records, key, anomalies } = subject;
  const row = records.rows[commit]!;
  const proof = () =>
    `${messageName(subject, commit)} was committed (${operationName(history, row)}), but never published`;
  anomalies.add({ type: "lost-message", key, rows: [row], proof });
}

/** A message on the bus that the service does not stand by. */
export function addPhantomMessage(subject: StreamSubject, publication: number): void {
  const { history, records, key, anomalies } = subject;
  const row = records.rows[publication]!;
  const proof = () =>
    `${messageName(subject, publication)} was published (${operationName(history, row)}), but never committed`;
  anomalies.add({ type: "phantom-message", key, rows: [row], proof });
}

/** A message that is on the bus several times where it may be there once only. */
export function addDuplicatePublication(
  subject: StreamSubject,
  first: number,
  second: number,
  count: number,
): void {
  const { history, records, key, anomalies } = subject;
  const rows = [records.rows[first]!, records.rows[second]!] as const;
  const proof = () =>
    `${messageName(subject, first)} was published ${timesText(count)} (${recordNames(history, rows)})`;
  anomalies.add({ type: "duplicate-publication", key, rows, proof });
}

/** A message that was published first after one that was committed later. */
export function addReorderedPublication(subject: StreamSubject, before: number, after: number): void {
  const { history, records, key, anomalies } = subject;
  const rows = [records.rows[before]!, records.rows[after]!] as const;
  const proof = () =>
    `${messageName(subject, after)} was published after ${idText(subject, before)} (${recordNames(history, [rows[1], rows[0]])}), ` +
    "although it was committed before it";
  anomalies.add({ type: "reordered-publication", key, rows, proof });
}

/** A message that has no effect at a consumer. */
export function addUnhandled(subject: StreamSubject, consumer: string, commit: number): void {
  const { history, records, key, anomalies } = subject;
  const row = records.rows[commit]!;
  const proof = () =>
    `${messageName(subject, commit)} was committed (${operationName(history, row)}), but ${clippedText(consumer)} neither handled ` +
    "it nor set it aside";
  anomalies.add({ type: "unhandled-message", key, rows: [row], proof });
}

/** A message behind one that cannot be handled, and that the consumer did not get past. */
export function addBlocked(
  subject: StreamSubject,
  consumer: string,
  poison: number,
  commit: number,
  isParked: boolean,
): void {
  const { history, records, key, anomalies } = subject;
  const rows = [records.rows[poison]!, records.rows[commit]!] as const;
  const proof = () => {
    const bad = idText(subject, poison);
    const why = isParked ? `set ${bad} aside` : `was sent ${bad}, which is poison`;
    return (
      `${clippedText(consumer)} ${why} (${operationName(history, rows[0])}), and handled nothing behind it: not ` +
      `${messageName(subject, commit)}, which was committed later (${operationName(history, rows[1])})`
    );
  };
  anomalies.add({ type: "blocked-by-poison", key, rows, proof });
}

/** A message that had its effect at one consumer several times. */
export function addRepeatedEffect(
  subject: StreamSubject,
  first: number,
  second: number,
  count: number,
): void {
  const { history, records, key, anomalies } = subject;
  const rows = [records.rows[first]!, records.rows[second]!] as const;
  const proof = () =>
    `${nodeName(history, rows[0])} handled ${messageName(subject, first)} ${timesText(count)} (${recordNames(history, rows)}): ` +
    "a message has its effect once";
  anomalies.add({ type: "repeated-effect", key, rows, proof });
}

/** A message whose effect came after that of one that was committed later. */
export function addReorderedEffect(subject: StreamSubject, before: number, after: number): void {
  const { history, records, key, anomalies } = subject;
  const rows = [records.rows[before]!, records.rows[after]!] as const;
  const proof = () =>
    `${nodeName(history, rows[1])} handled ${messageName(subject, after)} after ${idText(subject, before)} ` +
    `(${recordNames(history, [rows[1], rows[0]])}), although it was committed before it`;
  anomalies.add({ type: "reordered-effect", key, rows, proof });
}

/** An effect of a message that was never committed, or never published. */
export function addPhantomEffect(
  subject: StreamSubject,
  effect: number,
  missing: "committed" | "published",
): void {
  const { history, records, key, anomalies } = subject;
  const row = records.rows[effect]!;
  const proof = () =>
    `${nodeName(history, row)} handled ${messageName(subject, effect)} (${operationName(history, row)}), ` +
    `but that message was never ${missing}`;
  anomalies.add({ type: "phantom-effect", key, rows: [row], proof });
}

/** A message that a consumer both handled and set aside. */
export function addHandledAlthoughParked(subject: StreamSubject, effect: number, parked: number): void {
  const { history, records, key, anomalies } = subject;
  const rows = [records.rows[effect]!, records.rows[parked]!] as const;
  const proof = () =>
    `${nodeName(history, rows[0])} handled ${messageName(subject, effect)} (${operationName(history, rows[0])}), ` +
    `and also set it aside (${operationName(history, rows[1])})`;
  anomalies.add({ type: "handled-although-parked", key, rows, proof });
}

/** `m7 of order/7`. */
function messageName(subject: StreamSubject, at: number): string {
  return `${idText(subject, at)} of ${keyName(subject.history, subject.key)}`;
}

function idText({ records }: StreamSubject, at: number): string {
  return clippedText(String(records.id[at]), idLength);
}

function timesText(count: number): string {
  return count === 2 ? "twice" : `${count} times`;
}
