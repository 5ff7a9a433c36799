/** How far a search has come: it can go on, or it knows the answer. */
export type SearchProgress = "open" | "linearizable" | "stuck";
