import type { MessageSelector } from "./message-rule.ts";

/** What a piece of data holds, of what a rule may ask for. */
export interface ReadPiece {
  readonly holds: readonly MessageSelector[];
  /** A whole HTTP request that ends with this piece; null: none, or one that cannot be copied. */
  readonly request: Buffer | null;
  /** What goes on in the place of the piece; null: nothing ever again, the connection breaks. By default the piece. */
  readonly pass?: Buffer | null;
}

/** Reads both directions of one connection, piece by piece. */
export interface MessageReader {
  up(piece: Buffer): ReadPiece;
  down(piece: Buffer): ReadPiece;
}
