/** A position in a PostgreSQL log, as the server writes it: `0/16B3748`. */
export type LogPosition = string;

/**
 * What a client has seen, to be sent back with its next request: a position in the primary's log, `primary`
 * (something whose position nobody could tell: ask the primary), or null (nothing yet).
 */
export type SessionToken = LogPosition | "primary" | null;

/** The header that carries the token, in both directions. Clients keep it as it is. */
export const sessionTokenHeader = "session-token";

const positionForm = /^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/;

/** Reads the token of a request. What is no token counts as the strictest one. */
export function readSessionToken(headers: Headers): SessionToken {
  const text = headers.get(sessionTokenHeader);
  if (text === null) return null;
  return positionForm.test(text) ? text : "primary";
}

/** The same answer with the token that its client is to send from now on; without one where there is none. */
export function withSessionToken(response: Response, token: SessionToken): Response {
  if (token !== null) response.headers.set(sessionTokenHeader, token);
  return response;
}

/** Is a position at or behind another one? Compared as numbers: as text `0/9` would be behind `0/10`. */
export function hasReached(position: LogPosition, token: LogPosition): boolean {
  return numberOf(position) >= numberOf(token);
}

/** The token of a client that had `seen`, and now has seen everything up to `position` too. */
export function laterToken(seen: SessionToken, position: LogPosition): LogPosition {
  return seen === null || seen === "primary" || hasReached(position, seen) ? position : seen;
}

function numberOf(position: LogPosition): bigint {
  const [high = "0", low = "0"] = position.split("/");
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}
