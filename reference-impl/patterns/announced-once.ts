import type { Kysely } from "kysely";
import type { Announcer } from "./announcer.ts";
import type { Answer } from "./answer.ts";
import type { OutgoingMessage } from "./event-message.ts";
import type { OncePerRequestKey } from "./once-per-request-key.ts";
import type { OutboxTables } from "./outbox.ts";

/** An answer, and what others are to be told of the change that it stands for. */
export interface AnnouncedAnswer extends Answer {
  readonly messages: readonly OutgoingMessage[];
}

/** The same answer with its messages. */
export function announced(answer: Answer, messages: readonly OutgoingMessage[]): AnnouncedAnswer {
  return { ...answer, messages };
}

/** Work whose answer, where it is a success, comes with its messages, made in the same transaction. */
export function withMessages<Tables>(
  work: (transaction: Kysely<Tables>) => Promise<Answer>,
  messagesOf: (transaction: Kysely<Tables>) => Promise<readonly OutgoingMessage[]>,
): (transaction: Kysely<Tables>) => Promise<Answer> {
  return async (transaction) => {
    const answer = await work(transaction);
    return answer.status < 300 ? announced(answer, await messagesOf(transaction)) : answer;
  };
}

/**
 * Performs requests as `once` does; the messages of a work whose answer is an {@link AnnouncedAnswer} are stored in its
 * transaction, and sent off after the COMMIT. The database must have the tables of an outbox.
 */
export function announcedOnce<Tables>(
  once: OncePerRequestKey<Tables>,
  announcer: Announcer,
): OncePerRequestKey<Tables> {
  return async (request, work) => {
    let messages: readonly OutgoingMessage[] = [];
    const answer = await once(request, async (transaction) => {
      const done: Answer & Partial<AnnouncedAnswer> = await work(transaction);
      messages = done.messages ?? [];
      // Kysely's types are invariant in the tables; those of the outbox are there by contract.
      await announcer.store(transaction as unknown as Kysely<OutboxTables>, messages);
      return done;
    });
    if (answer.status < 300) await announcer.send(messages);
    return answer;
  };
}
