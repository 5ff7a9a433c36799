/**
 * Is this output coloured? Only on a terminal, unless `FORCE_COLOR` says otherwise; never with
 * `NO_COLOR`. As in Node itself, `FORCE_COLOR` wins over `NO_COLOR`.
 */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const force = env.FORCE_COLOR;
  if (force !== undefined) return force !== "0" && force !== "false";
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  return isTerminal && env.TERM !== "dumb";
}
