import { type RandomStream, randomStream } from "../../../harness/random/random-stream.ts";
import type { KafkaProgram, MemberOptions, ProgramMessage, ProgramStep } from "./kafka-program.ts";

/** A program of a seed: topic 0 exists, topic 1 perhaps, topic 9 never. */
export function drawProgram(seed: number): KafkaProgram {
  const random = randomStream(seed, "kafka program");
  const partitions = random.integer(1, 3);
  const steps: ProgramStep[] = [{ kind: "create", topic: 0, partitions }];
  const autoCommit = random.integer(0, 2) > 0;
  let value = 0;
  const send = (): ProgramStep => ({
    kind: "send",
    topic: chance(random, 12) ? 9 : 0,
    producer: chance(random, 2) ? "plain" : "idempotent",
    acks: -1,
    messages: Array.from({ length: random.integer(1, 5) }, () => drawMessage(random, partitions, value++)),
  });
  const join = (): ProgramStep => ({
    kind: "join",
    member: random.integer(0, 1),
    options: drawOptions(random, autoCommit),
  });
  steps.push(send(), join(), { kind: "drain" });
  for (let i = random.integer(4, 8); i > 0; i--) {
    steps.push(...drawTurn(random, partitions, send, join));
  }
  steps.push({ kind: "committed" }, { kind: "offsets", topic: 0 });
  return { seed, steps };
}

function drawTurn(
  random: RandomStream,
  partitions: number,
  send: () => ProgramStep,
  join: () => ProgramStep,
): ProgramStep[] {
  const member = random.integer(0, 1);
  const partition = random.integer(0, partitions - 1);
  const drain: ProgramStep = { kind: "drain" };
  switch (random.integer(0, 11)) {
    case 0:
    case 1:
    case 2:
      return [send(), drain];
    case 3:
      return [send(), send(), { kind: "offsets", topic: 0 }, drain];
    case 4:
      return [join(), drain];
    case 5:
      return [{ kind: "leave", member }, { kind: "committed" }, send(), join(), drain];
    case 6:
      return [{ kind: "crash", member }, send(), join(), drain];
    case 7:
      return [{ kind: "seek", member, partition, offset: random.integer(0, 6) }, drain];
    case 8:
      return [{ kind: "seek", member, partition, offset: 1_000_000 }, drain];
    case 9:
      return [
        {
          kind: "commit",
          member,
          topic: chance(random, 6) ? 9 : 0,
          partition: chance(random, 6) ? 7 : partition,
          offset: random.integer(0, 4),
        },
        { kind: "committed" },
        { kind: "leave", member },
        join(),
        drain,
      ];
    case 10:
      return [
        { kind: "leave", member: 0 },
        { kind: "leave", member: 1 },
        { kind: "trim", partition, beforeOffset: random.integer(1, 2) },
        { kind: "offsets", topic: 0 },
        join(),
        drain,
      ];
    default:
      return [
        { kind: "create", topic: random.integer(0, 1), partitions: random.integer(0, 2) },
        { kind: "offsets", topic: chance(random, 3) ? 9 : 0 },
      ];
  }
}

function drawMessage(random: RandomStream, partitions: number, value: number): ProgramMessage {
  const key = chance(random, 4) ? null : `key${random.integer(0, 9)}`;
  // Without a key a partition of its own: where it would go otherwise is drawn by the client.
  const partition = key === null || chance(random, 6) ? { partition: random.integer(0, partitions - 1) } : {};
  const headers = chance(random, 4) ? { headers: { trace: `t${value}`, kind: "x" } } : {};
  return { key, value: chance(random, 10) ? null : `v${value}`, ...partition, ...headers };
}

function drawOptions(random: RandomStream, autoCommit: boolean): MemberOptions {
  return {
    fromBeginning: random.integer(0, 3) > 0,
    autoCommit,
    by: chance(random, 2) ? "message" : "batch",
    throwsAt: chance(random, 3) ? random.integer(0, 4) : null,
  };
}

function chance(random: RandomStream, oneIn: number): boolean {
  return random.integer(1, oneIn) === 1;
}
