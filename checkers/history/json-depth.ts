/**
 * Is some value in this JSON text nested deeper than `maxDepth`? Counts brackets outside strings without
 * building or recursing into anything, so that a hostile line cannot exhaust the stack. Linear.
 */
export function isDeeperThan(json: string, maxDepth: number): boolean {
  // Every level takes an opening and a closing bracket: most lines are too short to be deep.
  if (json.length <= 2 * maxDepth) return false;
  if (!hasMoreThan(json, maxDepth)) return false;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < json.length; at++) {
    const unit = json.charCodeAt(at);
    if (quoted) {
      if (unit === backslash) at++;
      else if (unit === quote) quoted = false;
    } else if (unit === quote) quoted = true;
    else if (unit === openBracket || unit === openBrace) {
      if (++depth > maxDepth) return true;
    } else if (unit === closeBracket || unit === closeBrace) depth--;
  }
  return false;
}

const quote = 34;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

/** More than `count` opening brackets in all? `indexOf` hops over everything else at memory speed. */
function hasMoreThan(json: string, count: number): boolean {
  let seen = 0;
  for (let at = json.indexOf("{"); at >= 0; at = json.indexOf("{", at + 1)) if (++seen > count) return true;
  for (let at = json.indexOf("["); at >= 0; at = json.indexOf("[", at + 1)) if (++seen > count) return true;
  return false;
}
