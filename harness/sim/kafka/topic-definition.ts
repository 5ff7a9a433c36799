import type { Retention } from "./partition-log.ts";

/** A topic as a system defines it. By default it keeps everything. */
export interface TopicDefinition {
  readonly name: string;
  readonly partitions: number;
  readonly retention?: Retention;
}
