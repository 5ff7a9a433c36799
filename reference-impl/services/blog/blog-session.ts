import * as v from "valibot";
import { positionsSchema, type StreamPositions } from "../../patterns/stream-positions.ts";

/** What the client carries from answer to request: which reader it is with, and what it has seen. */
export interface BlogSession {
  /** Number of its reader. */
  readonly reader: number;
  readonly seen: StreamPositions;
}

/** The header that carries it, in both directions. Clients keep it as it is. */
export const blogSessionHeader = "blog-session";

const sessionSchema = v.strictObject({
  reader: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  seen: positionsSchema,
});

/** Reads the session of a request; null where it has none, or none that can be read. */
export function readBlogSession(headers: Headers): BlogSession | null {
  try {
    const parsed = v.safeParse(sessionSchema, JSON.parse(headers.get(blogSessionHeader) ?? "null"));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** A session goes over to another reader, because its own does not answer, or not yet. */
export type FailOver = (session: BlogSession, reader: number) => BlogSession;

/** What the session has seen goes with it: the other reader waits until it has that too. */
export const keepWhatWasSeen: FailOver = ({ seen }, reader) => ({ reader, seen });
