import type { Kysely } from "kysely";
import * as v from "valibot";
import { type Answer, jsonAnswer } from "./answer.ts";
import { readBody, readRequestKey, requestKeySchema } from "./bad-input.ts";
import { databasePart } from "./database-part.ts";
import type { OncePerRequestKey } from "./once-per-request-key.ts";
import type { RequestKeyTables } from "./request-key.ts";
import type { WithdrawRequest } from "./withdraw-request.ts";

/** The body of a compensation: the request key of what it takes back. */
const undoSchema = v.strictObject({ undoes: requestKeySchema });

/** Answers a request that takes back another one. `work` is done where that one had its effect. */
export type UndoOnce<Tables> = (
  request: Request,
  what: string,
  work: (transaction: Kysely<Tables>) => Promise<Answer>,
) => Promise<Answer>;

/**
 * A compensation has its effect once, and only if there is something to take back; in the same
 * transaction it withdraws the request, so that it cannot succeed any more. 200 in both cases.
 */
export function undoOnce<Tables extends RequestKeyTables>(
  once: OncePerRequestKey<Tables>,
  withdraw: WithdrawRequest,
): UndoOnce<Tables> {
  return async (request, what, work) => {
    const key = readRequestKey(request.headers);
    if (!key.good) return key.answer;
    const body = await readBody(request, undoSchema);
    if (!body.good) return body.answer;
    const { undoes } = body.value;
    return await once({ key: key.value, fingerprint: `${what} (${undoes})` }, async (transaction) => {
      const found = await withdraw(databasePart<RequestKeyTables, Tables>(transaction), undoes);
      return found === "had-effect" ? await work(transaction) : jsonAnswer(200, { undone: "nothing" });
    });
  };
}
