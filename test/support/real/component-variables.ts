/** The variables of this environment that say where components are, for commands that get no other ones. */
export function componentVariables(): Record<string, string> {
  const named = Object.entries(process.env).filter(([name]) =>
    /^(FAULTLINE_(CACHE|TOXIPROXY|KAFKA|MONGOD|REDIS|JAVA|LIBFAKETIME)|XDG_CACHE_HOME|JAVA_HOME)$/.test(name),
  );
  return Object.fromEntries(named.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
