/** How large a text is, and how it is made. */
export interface TextSize {
  readonly operations: number;
  readonly clients: number;
  readonly keys: number;
}

/** A generator of whole numbers below a bound; the same seed gives the same numbers. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Transactions of ten operations in the text form of AWDIT; `operations` counts reads and writes. */
export function* largeIsolationText({ operations, clients, keys }: TextSize): Generator<string> {
  const roll = dice(5);
  const perClient = Math.ceil(operations / clients);
  let value = 0;
  for (let client = 0; client < clients; client++) {
    let text = client === 0 ? "" : "=====\n";
    for (let at = 0; at < perClient; at++) {
      const key = roll(keys);
      text += roll(2) === 0 ? `w ${key} ${++value}\n` : `r ${key} ${value === 0 ? 0 : 1 + roll(value)}\n`;
      if (at % 10 === 9 && at + 1 < perClient) text += "-----\n";
    }
    yield text;
  }
}

/** Calls one after the other, `clients` of them at a time: registers, or transactions that append and read. */
export function* largeJepsenLines(
  { operations, clients, keys }: TextSize,
  syntax: "edn" | "json",
  kind: "register" | "list-append",
): Generator<string> {
  const roll = dice(7);
  let index = 0;
  const line = (process: number, type: string, f: string, value: string): string => {
    const at = index++;
    return syntax === "edn"
      ? `{:index ${at}, :time ${at * 1000}, :process ${process}, :type :${type}, :f :${f}, :value ${value}}\n`
      : `{"index":${at},"time":${at * 1000},"process":${process},"type":"${type}","f":"${f}","value":${value}}\n`;
  };
  const [comma, nil, mark] = syntax === "edn" ? [" ", "nil", ":"] : [",", "null", ""];
  const micro = (name: string, key: number, value: string) =>
    syntax === "edn" ? `[${mark}${name} ${key} ${value}]` : `["${name}",${key},${value}]`;
  for (let round = 0; index < operations * 2; round++) {
    const asked: (readonly [string, string, string])[] = [];
    for (let process = 0; process < clients; process++) {
      const key = roll(keys);
      const value = round * clients + process;
      const shown = `[${value}${comma}${value + 1}${comma}${value + 2}]`;
      const call: readonly [string, string, string] =
        kind === "list-append"
          ? [
              "txn",
              `[${micro("r", key, nil)}${comma}${micro("append", key, String(value))}]`,
              `[${micro("r", key, shown)}${comma}${micro("append", key, String(value))}]`,
            ]
          : roll(2) === 0
            ? ["read", nil, String(roll(100))]
            : ["write", String(value), String(value)];
      asked.push(call);
    }
    let text = "";
    for (const [process, [f, value]] of asked.entries()) text += line(process, "invoke", f, value);
    for (const [process, [f, , value]] of asked.entries()) text += line(process, "ok", f, value);
    yield text;
  }
}

/** The same in an etcd log. */
export function* largeEtcdLog({ operations, clients }: TextSize): Generator<string> {
  const roll = dice(9);
  for (let done = 0; done < operations; done += clients) {
    let text = "";
    const calls = Array.from({ length: clients }, () => roll(3));
    const words = ["read\tnil", "write\t3", "cas\t[1 2]"];
    for (const [process, call] of calls.entries())
      text += `INFO  jepsen.util - ${process}\t:invoke\t:${words[call]}\n`;
    for (const [process, call] of calls.entries())
      text += `INFO  jepsen.util - ${process}\t:ok\t:${call === 0 ? "read\t3" : words[call]}\n`;
    yield text;
  }
}
