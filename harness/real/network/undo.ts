/** What must be undone when the harness dies before it healed; written to the journal beforehand. */
export type Undo =
  | { readonly kind: "toxic"; readonly proxy: string; readonly toxic: string }
  | { readonly kind: "disabled"; readonly proxy: string }
  | { readonly kind: "sql"; readonly store: string; readonly statements: readonly string[] };

/** Writes down how to undo what is done next; the answer writes down that it is undone. */
export type WriteUndo = (undo: Undo) => () => void;
