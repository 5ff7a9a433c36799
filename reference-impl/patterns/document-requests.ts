import type { Document, Filter, UpdateFilter } from "mongodb";
import type { DocumentCollection } from "../document-database.ts";
import type { Answer } from "./answer.ts";
import { errorAnswer } from "./answer.ts";
import type { KeyedRequest } from "./request-key.ts";

/** A request that a document has answered. */
export interface FiledRequest {
  readonly key: string;
  readonly fingerprint: string;
  readonly status: number;
  readonly body: string;
  readonly atMs: number;
}

/** The part of a document that remembers requests. */
export interface AnsweringDocument {
  requests: FiledRequest[];
}

/** A condition of a query: the fields of a document and what must be true of them. */
export type Condition = Readonly<Record<string, unknown>>;

/** Remembers requests within the document that they change: in one write with their effect, or not at all. */
export interface DocumentRequests {
  /** True of documents that have not answered the request. */
  unanswered(request: KeyedRequest): Condition;
  /** What is added to the document's `requests`. */
  filed(request: KeyedRequest, answer: Answer, nowMs: number): readonly FiledRequest[];
  /** What the document has answered to the request; null: nothing. */
  answerOf(document: AnsweringDocument, request: KeyedRequest): Answer | null;
}

/**
 * Keys are kept in the document itself: MongoDB changes one document atomically, and nothing beyond it. The
 * condition keeps a copy, also one that arrives late, from having its effect a second time.
 */
export const requestsInDocument: DocumentRequests = {
  unanswered: ({ key }) => ({ "requests.key": { $ne: key } }),
  filed: ({ key, fingerprint }, { status, body }, nowMs) => [{ key, fingerprint, status, body, atMs: nowMs }],
  answerOf: ({ requests }, { key, fingerprint }) => {
    const filed = requests.find((request) => request.key === key);
    if (filed === undefined) return null;
    if (filed.fingerprint === fingerprint) return { status: filed.status, body: filed.body };
    return errorAnswer(422, "request-key-reused", "The request key was used for a different request.");
  },
};

/** For how long a document remembers a request: longer than any copy of it can be on its way. */
export const requestsKeptMs: number = 24 * 3600 * 1000;

/** Forgets requests that were answered before a time: no copy of them may come any more. */
export async function forgetRequests<Schema extends Document & AnsweringDocument>(
  documents: DocumentCollection<Schema>,
  beforeMs: number,
): Promise<void> {
  const old = { $lt: beforeMs };
  await documents.updateMany(
    { "requests.atMs": old } as unknown as Filter<Schema>,
    { $pull: { requests: { atMs: old } } } as unknown as UpdateFilter<Schema>,
  );
}
