/** How a search for an order of the calls on one object ended. Calls are numbers of the search. */
export type SearchOutcome =
  | { readonly kind: "linearizable" }
  | {
      readonly kind: "stuck";
      /** Before its return there is an order; with it there is none, or none that what follows can follow. */
      readonly call: number;
      /** Calls that returned before it. */
      readonly placed: number;
    }
  | {
      readonly kind: "stopped";
      /** Why, in words that follow "stopped: ". */
      readonly reason: string;
      /** Calls that were placed until then, and all that return. */
      readonly placed: number;
      readonly returning: number;
    };
