/**
 * The client with every member that it does not have replaced by a function that throws what `refuse`
 * makes of its name: so that a call of something that the model lacks is a refusal that is seen, not a
 * TypeError that a service may swallow.
 */
export function refuseOthers<Client extends object>(
  client: Client,
  refuse: (member: string) => Error,
): Client {
  const guarded: Client = new Proxy(client, {
    get: (target, member) => {
      const value: unknown = Reflect.get(target, member, target);
      if (typeof value === "function") {
        return (...args: unknown[]) => {
          const result: unknown = Reflect.apply(value, target, args);
          // What answers itself, so that calls can be chained, goes on being guarded.
          return result === target ? guarded : result;
        };
      }
      // `then` is asked for by `await`, `toJSON` by loggers, whatever the object is.
      if (typeof member === "symbol" || member in target || member === "then" || member === "toJSON") {
        return value;
      }
      return () => {
        throw refuse(member);
      };
    },
  });
  return guarded;
}
