import type { Kysely } from "kysely";
import type { ServiceClock } from "../service-needs.ts";
import { databasePart } from "./database-part.ts";
import { type DeadLetterTables, parkMessage } from "./dead-letter.ts";
import type { HandleMessage, ReceivedMessage } from "./event-bus.ts";
import { decodeMessage, type EventMessage } from "./event-message.ts";
import { admitMessage, forgetMessages, type InboxTables } from "./inbox.ts";
import { StoreFailure } from "./store-failure.ts";
import { commitBeforeAnswer } from "./transaction-per-request.ts";

/** The tables of a service that consumes messages. */
export interface ConsumerTables extends InboxTables, DeadLetterTables {}

/** What is to be done when the effect's transaction was committed. It must not reject. */
export type AfterCommit = () => Promise<void>;

/**
 * What a message does to the service's database, within the one transaction that it is given. For what
 * will never work it throws `MalformedMessage` (or another `Rollback`); any other error without an
 * SQLSTATE is taken for trouble with the store, as everywhere.
 */
export type Effect<Tables> = (transaction: Kysely<Tables>, message: EventMessage) => Promise<AfterCommit>;

/** A message that is to have its effect once. */
export interface OnceWork {
  readonly database: Kysely<ConsumerTables>;
  readonly consumer: string;
  readonly message: EventMessage;
  readonly nowMs: number;
  readonly effect: (transaction: Kysely<ConsumerTables>) => Promise<AfterCommit>;
}

/** Has the effect of a message, unless it had it before: then there is nothing to do after the COMMIT. */
export type HandleOnce = (work: OnceWork) => Promise<AfterCommit | null>;

/** Inbox row and effect in one transaction: there is never one without the other. */
export const handleInOneTransaction: HandleOnce = ({ database, consumer, message, nowMs, effect }) =>
  commitBeforeAnswer(database, async (transaction) =>
    (await admitMessage(transaction, consumer, message.id, nowMs)) ? await effect(transaction) : null,
  );

/** What becomes of a message that could not be handled: tried again, set aside, or taken for handled. */
export type AfterFailure = "again" | "park" | "drop";

/**
 * Decides after a failure. `definiteFailures`: how many attempts failed for a reason that lies with the
 * message or its handler, and not with the store.
 */
export type FailurePolicy = (definiteFailures: number) => AfterFailure;

/** Attempts that may fail for the message's own reasons before it is set aside. */
export const definiteFailuresMax = 3;

/** Goes on trying while the store is in trouble; sets aside what fails for reasons of its own. */
export const parkPoison: FailurePolicy = (definiteFailures) =>
  definiteFailures < definiteFailuresMax ? "again" : "park";

/** Longer than any copy of a message can be on its way: a week. */
export const inboxKeepMs: number = 7 * 24 * 3600 * 1000;

/** The safety mechanisms of a consumer. */
export interface ConsumerMechanisms {
  readonly handleOnce: HandleOnce;
  readonly afterFailure: FailurePolicy;
  /** For how long the inbox remembers. */
  readonly keepMs: number;
}

/** The mechanisms of the hardened form. */
export function hardenedConsumerMechanisms(): ConsumerMechanisms {
  return { handleOnce: handleInOneTransaction, afterFailure: parkPoison, keepMs: inboxKeepMs };
}

/** A consumer of messages. */
export interface IdempotentConsumer<Tables> {
  /** Under this name the inbox remembers. */
  readonly name: string;
  readonly database: Kysely<Tables>;
  readonly clock: ServiceClock;
  readonly mechanisms: ConsumerMechanisms;
  readonly effect: Effect<Tables>;
}

const backoffMsFirst = 20;
const backoffMsMax = 500;

/** Handles each message of a bus until it had its effect once, or was set aside. */
export function idempotentConsumer<Tables extends ConsumerTables>(
  consumer: IdempotentConsumer<Tables>,
): HandleMessage {
  const { clock, mechanisms } = consumer;
  const forget = forgetNowAndThen(consumer);
  return async (received) => {
    let definiteFailures = 0;
    for (let attempt = 0; ; attempt++) {
      let after: AfterFailure = "again";
      try {
        await forget();
        return await handle(consumer, received);
      } catch (error) {
        if (isDefinite(error)) definiteFailures++;
        after = mechanisms.afterFailure(definiteFailures);
        if (after === "park" && (await parked(consumer, received, error))) return;
        if (after === "drop") return;
      }
      await clock.sleep(Math.min(backoffMsFirst * 2 ** attempt, backoffMsMax));
      await received.keep();
    }
  };
}

async function handle<Tables extends ConsumerTables>(
  consumer: IdempotentConsumer<Tables>,
  received: ReceivedMessage,
): Promise<void> {
  const message = decodeMessage(received.value);
  const afterCommit = await consumer.mechanisms.handleOnce({
    database: databasePart<ConsumerTables, Tables>(consumer.database),
    consumer: consumer.name,
    message,
    nowMs: consumer.clock.nowMs(),
    // The same transaction, as what it is: one of the service's own database.
    effect: (transaction) => consumer.effect(transaction as unknown as Kysely<Tables>, message),
  });
  await afterCommit?.();
}

/** The store being away, or a collision in it, says nothing about the message. */
function isDefinite(error: unknown): boolean {
  return !(error instanceof StoreFailure && error.retryable);
}

/** Sets a message aside, as dealt with; false where the store is in trouble. */
async function parked<Tables extends ConsumerTables>(
  consumer: IdempotentConsumer<Tables>,
  received: ReceivedMessage,
  error: unknown,
): Promise<boolean> {
  const id = idOf(received);
  try {
    await commitBeforeAnswer(databasePart<ConsumerTables, Tables>(consumer.database), async (transaction) => {
      if (!(await admitMessage(transaction, consumer.name, id, consumer.clock.nowMs()))) return;
      const reason = error instanceof Error ? error.message : String(error);
      await parkMessage(transaction, {
        consumer: consumer.name,
        message_id: id,
        stream: received.key,
        value: received.value,
        reason,
      });
    });
    return true;
  } catch (failure) {
    if (failure instanceof StoreFailure) return false;
    throw failure;
  }
}

/** What is no message has no id of its own: its place stands for it. */
function idOf(received: ReceivedMessage): string {
  try {
    return decodeMessage(received.value).id;
  } catch {
    return `${received.topic}@${received.place}`;
  }
}

/** Clears the inbox of what is older than it need remember, ten times in that span. */
function forgetNowAndThen<Tables extends ConsumerTables>(
  consumer: IdempotentConsumer<Tables>,
): () => Promise<void> {
  const { clock, mechanisms } = consumer;
  let forgotAtMs = clock.nowMs();
  return async () => {
    const nowMs = clock.nowMs();
    if (nowMs - forgotAtMs < mechanisms.keepMs / 10) return;
    forgotAtMs = nowMs;
    await forgetMessages(databasePart<ConsumerTables, Tables>(consumer.database), nowMs - mechanisms.keepMs);
  };
}
