import { byteColumn, int32Column } from "./large-columns.ts";
import {
  ABORTED,
  COMMITTED,
  READ,
  type RegisterTransactions,
  UNKNOWN,
  WRITE,
} from "./register-transactions.ts";

/** What single transactions show of the versions of registers. */
export interface RegisterVersions {
  /** The micro-operation before each on the same key in the same transaction; −1. */
  readonly previous: Int32Array;
  /** 1 for a write after which its transaction wrote to the same key again. */
  readonly isIntermediate: Uint8Array;
  /** 1 for a transaction that happened: it committed, or what it wrote was read. */
  readonly happened: Uint8Array;
  /**
   * By key the version that was there before any write: nil, or the one value that was read and that
   * nobody wrote, where nobody read nil.
   */
  readonly initial: Int32Array;
  /** 1 for each version that was read, is not the initial one, and that nobody wrote. */
  readonly isGarbage: Uint8Array;
}

/** Looks at each micro-operation a few times. Linear. */
export function registerVersions(txns: RegisterTransactions): RegisterVersions {
  const { count, starts, key, kind, keys, outcome } = txns;
  const size = starts[count]!;
  const previous = int32Column(size).fill(-1);
  const isIntermediate = byteColumn(size);
  const latest = int32Column(keys.length).fill(-1);
  const written = int32Column(keys.length).fill(-1);
  const happened = byteColumn(count);
  for (let transaction = 0; transaction < count; transaction++) {
    if (outcome[transaction] === COMMITTED) happened[transaction] = 1;
    const start = starts[transaction]!;
    const end = starts[transaction + 1]!;
    for (let at = start; at < end; at++) {
      const own = key[at]!;
      if (latest[own]! >= start) previous[at] = latest[own]!;
      latest[own] = at;
      if (kind[at] !== WRITE) continue;
      if (written[own]! >= start) isIntermediate[written[own]!] = 1;
      written[own] = at;
    }
  }
  const read = readVersions(txns, happened);
  return { previous, isIntermediate, happened, ...initialVersions(txns, read) };
}

/** 1 for each version that a committed transaction read. Marks by the way whose writes were read. */
function readVersions(txns: RegisterTransactions, happened: Uint8Array): Uint8Array {
  const { count, starts, kind, version, owner, writer, outcome } = txns;
  const read = byteColumn(writer.length);
  const size = starts[count]!;
  for (let at = 0; at < size; at++) {
    const seen = version[at]!;
    if (kind[at] !== READ || seen < 0 || outcome[owner[at]!] !== COMMITTED || read[seen] === 1) continue;
    read[seen] = 1;
    const by = writer[seen]!;
    if (by >= 0 && outcome[owner[by]!] === UNKNOWN && txns.isAmbiguous[seen] === 0) happened[owner[by]!] = 1;
  }
  return read;
}

function initialVersions(
  txns: RegisterTransactions,
  read: Uint8Array,
): Pick<RegisterVersions, "initial" | "isGarbage"> {
  const { keys, writer, versionKey } = txns;
  const isGarbage = byteColumn(writer.length);
  const strangers = int32Column(keys.length);
  for (let version = keys.length; version < writer.length; version++) {
    if (read[version] === 0 || writer[version]! >= 0) continue;
    isGarbage[version] = 1;
    strangers[versionKey[version]!]!++;
  }
  const initial = int32Column(keys.length);
  for (let key = 0; key < keys.length; key++) initial[key] = key;
  for (let version = keys.length; version < writer.length; version++) {
    const key = versionKey[version]!;
    if (isGarbage[version] === 0 || strangers[key] !== 1 || read[key] === 1) continue;
    initial[key] = version;
    isGarbage[version] = 0;
  }
  return { initial, isGarbage };
}

/** Did the transaction that wrote a version happen, and is the version what it left behind? */
export function isInstalled(txns: RegisterTransactions, facts: RegisterVersions, version: number): boolean {
  const by = txns.writer[version]!;
  if (by < 0 || txns.isAmbiguous[version] === 1 || facts.isIntermediate[by] === 1) return false;
  const owner = txns.owner[by]!;
  return facts.happened[owner] === 1 && txns.outcome[owner] !== ABORTED;
}
