/** An offset that a group has committed. */
export interface CommittedOffset {
  readonly offset: number;
  readonly metadata: string;
}

/** The committed offsets of one group: topics and partitions in the order of their first commit. */
export class GroupOffsets {
  readonly #topics = new Map<string, Map<number, CommittedOffset>>();

  /** The names of the topics with a commit. */
  get topics(): readonly string[] {
    return [...this.#topics.keys()];
  }

  /** The partitions of a topic with a commit. */
  partitions(topic: string): readonly number[] {
    return [...(this.#topics.get(topic)?.keys() ?? [])];
  }

  /** The last commit, or null. */
  find(topic: string, partition: number): CommittedOffset | null {
    return this.#topics.get(topic)?.get(partition) ?? null;
  }

  /** Remembers a commit. */
  commit(topic: string, partition: number, committed: CommittedOffset): void {
    let partitions = this.#topics.get(topic);
    if (partitions === undefined) {
      partitions = new Map();
      this.#topics.set(topic, partitions);
    }
    partitions.set(partition, committed);
  }
}
