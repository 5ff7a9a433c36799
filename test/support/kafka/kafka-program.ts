/** A message of a program. */
export interface ProgramMessage {
  readonly key: string | null;
  readonly value: string | null;
  readonly partition?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a member of the program's group consumes. */
export interface MemberOptions {
  readonly fromBeginning: boolean;
  readonly autoCommit: boolean;
  readonly by: "message" | "batch";
  /** The handler throws when it first sees this offset of any partition; null: never. */
  readonly throwsAt: number | null;
}

/** One step of a program. Topics are numbers; one that was never created is an unknown topic. */
export type ProgramStep =
  | { readonly kind: "create"; readonly topic: number; readonly partitions: number }
  | {
      readonly kind: "send";
      readonly topic: number;
      readonly producer: "plain" | "idempotent";
      readonly acks: number;
      readonly messages: readonly ProgramMessage[];
    }
  | { readonly kind: "offsets"; readonly topic: number }
  | { readonly kind: "committed" }
  /** A member joins the group; it consumes topic 0. */
  | { readonly kind: "join"; readonly member: number; readonly options: MemberOptions }
  | { readonly kind: "leave"; readonly member: number }
  /** As a killed process: no word to anybody. */
  | { readonly kind: "crash"; readonly member: number }
  /** Waits until the group has consumed everything, and answers what it got since the last time. */
  | { readonly kind: "drain" }
  | { readonly kind: "seek"; readonly member: number; readonly partition: number; readonly offset: number }
  | {
      readonly kind: "commit";
      readonly member: number;
      readonly topic: number;
      readonly partition: number;
      readonly offset: number;
    }
  /** Deletes the records of topic 0 before an offset. */
  | { readonly kind: "trim"; readonly partition: number; readonly beforeOffset: number };

/** Calls of one producer, one admin client and one consumer group, in order. */
export interface KafkaProgram {
  readonly seed: number;
  readonly steps: readonly ProgramStep[];
}
