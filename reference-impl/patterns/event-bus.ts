/** A message as a bus carries it. */
export interface BusMessage {
  /** Messages of one key keep their order. */
  readonly key: string;
  readonly value: string;
}

/** A message as it comes to a consumer: at least once, and again until it was handled. */
export interface ReceivedMessage extends BusMessage {
  readonly topic: string;
  /** Its place within the topic, in words. */
  readonly place: string;
  /**
   * Tells the bus that work on the message goes on. To be called between attempts; rejects when the
   * message was given to another consumer, and then it must be left alone.
   */
  keep(): Promise<void>;
}

/** Resolves when the message is done with. What rejects is delivered again. */
export type HandleMessage = (message: ReceivedMessage) => Promise<void>;

/** A running subscription. */
export interface Subscription {
  /** Takes no more messages, and waits for the one at hand. */
  stop(): Promise<void>;
}

/** Takes messages to whoever subscribed: at least once, per key in the order of publication. */
export interface EventBus {
  /**
   * Resolves when the bus has stored all of them, in their order. When it rejects, any of them may have
   * been stored, now or later.
   */
  publish(topic: string, messages: readonly BusMessage[]): Promise<void>;
  /**
   * Hands every message of the topics, from the oldest, to one member of the group. Starts in the
   * background and goes on trying while the bus cannot be reached.
   */
  subscribe(group: string, topics: readonly string[], handle: HandleMessage): Subscription;
  /** Closes what was opened for publishing. */
  close(): Promise<void>;
}
