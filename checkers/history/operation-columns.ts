/** Rows that a new set of columns has room for: enough for a simulated run of some 60 events. */
const initialCapacity = 128;

/** The numeric columns of a history while it grows. Rows are appended in order; room doubles when used up. */
export interface OperationColumns {
  capacity: number;
  index: Float64Array;
  time: Float64Array;
  process: Int32Array;
  session: Int32Array;
  type: Uint8Array;
  f: Int32Array;
  key: Int32Array;
  node: Int32Array;
  final: Uint8Array;
  mate: Int32Array;
}

/** Columns with room for some rows and none in use. */
export function emptyColumns(): OperationColumns {
  return {
    capacity: initialCapacity,
    index: new Float64Array(initialCapacity),
    time: new Float64Array(initialCapacity),
    process: new Int32Array(initialCapacity),
    session: new Int32Array(initialCapacity),
    type: new Uint8Array(initialCapacity),
    f: new Int32Array(initialCapacity),
    key: new Int32Array(initialCapacity),
    node: new Int32Array(initialCapacity),
    final: new Uint8Array(initialCapacity),
    mate: new Int32Array(initialCapacity),
  };
}

/** Doubles the room. Old arrays are copied one by one, so that at most one column exists twice. */
export function growColumns(columns: OperationColumns): void {
  const capacity = columns.capacity * 2;
  columns.capacity = capacity;
  columns.index = copyInto(new Float64Array(capacity), columns.index);
  columns.time = copyInto(new Float64Array(capacity), columns.time);
  columns.process = copyInto(new Int32Array(capacity), columns.process);
  columns.session = copyInto(new Int32Array(capacity), columns.session);
  columns.type = copyInto(new Uint8Array(capacity), columns.type);
  columns.f = copyInto(new Int32Array(capacity), columns.f);
  columns.key = copyInto(new Int32Array(capacity), columns.key);
  columns.node = copyInto(new Int32Array(capacity), columns.node);
  columns.final = copyInto(new Uint8Array(capacity), columns.final);
  columns.mate = copyInto(new Int32Array(capacity), columns.mate);
}

function copyInto<Column extends Float64Array | Int32Array | Uint8Array>(to: Column, from: Column): Column {
  to.set(from);
  return to;
}
