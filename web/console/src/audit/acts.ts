/** What was done, as the words of the page put it together: `verb.<verb>` with `thing.<thing>`. */
export interface Act {
  verb: string;
  thing: string;
}

/** Operations whose last word says what was done. */
const byWord = new Map([
  ["apply", "apply"],
  ["deliveries", "replay"],
  ["judgements", "judge"],
  ["learn", "learn"],
  ["link", "link"],
  ["publish", "publish"],
  ["recount", "recount"],
  ["replay", "replay"],
  ["restore", "restore"],
  ["retry", "retry"],
  ["search", "look"],
  ["secret", "renew"],
  ["settle", "settle"],
  ["test", "test"],
]);

/** Operations that no rule describes. */
const own = new Map<string, Act>([
  ["POST /auth/sessions", { verb: "sign_in", thing: "password" }],
  ["POST /auth/links/redeem", { verb: "sign_in", thing: "link" }],
  ["DELETE /auth/sessions/current", { verb: "sign_out", thing: "browser" }],
  ["DELETE /auth/sessions/{id}", { verb: "end", thing: "session" }],
  ["PUT /me/password", { verb: "change", thing: "own_password" }],
  ["DELETE /staff/{id}/sessions/{session}", { verb: "end", thing: "session" }],
  ["POST /knowledge/evaluations", { verb: "begin", thing: "evaluation" }],
  ["POST /knowledge/publish", { verb: "publish", thing: "knowledge" }],
  ["POST /knowledge/yesterday", { verb: "add", thing: "tests" }],
  ["POST /goods-imports", { verb: "prepare", thing: "goods-imports" }],
  ["POST /goods-pictures", { verb: "add", thing: "picture" }],
  ["PATCH /left-messages/{id}", { verb: "change", thing: "left-messages" }],
  ["yingda admin sign-in-link", { verb: "link", thing: "staff" }],
  ["yingda admin add-staff", { verb: "add", thing: "staff" }],
  ["yingda admin new-generation", { verb: "begin", thing: "generation" }],
  ["yingda warehouse rebuild", { verb: "recount", thing: "numbers" }],
  ["yingda backup", { verb: "take", thing: "backup" }],
]);

const byMethod = new Map([
  ["GET", "look"],
  ["POST", "add"],
  ["PUT", "change"],
  ["PATCH", "change"],
  ["DELETE", "delete"],
]);

/** Areas whose second word says what it is about. */
const deep: readonly string[] = ["knowledge", "company", "metrics"];

/** Names in addresses that mean what others mean. */
const sameThing = new Map([
  ["graph-units", "graph"],
  ["warehouse", "numbers"],
  ["metrics", "numbers"],
  ["response-times", "response_times"],
]);

/** What an operation of the API or a command did; null for one that this page has no words for. */
export function actOf(operation: string): Act | null {
  const named = operation.replace(" /api/v1/", " /");
  const known = own.get(named);
  if (known) return known;
  const [method = "", path = ""] = named.split(" ");
  const words = path
    .replace(".csv", "")
    .split("/")
    .filter((word) => word !== "" && !word.startsWith("{"));
  const [first, second] = words;
  const last = words.at(-1);
  if (!first || !last) return null;
  const isExport =
    method === "GET" && (last.endsWith("export") || path.includes("metrics") || first === "response-times");
  const byLast = words.length > 1 ? byWord.get(last) : undefined;
  const verb = isExport ? "export" : last.endsWith("import") ? "import" : (byLast ?? byMethod.get(method));
  if (!verb) return null;
  const about =
    deep.includes(first) && second && second !== "export" && second !== "import" && second !== "conversations"
      ? second
      : first;
  const thing = about.replace(/-(export|import)$/, "");
  return { verb, thing: sameThing.get(thing) ?? thing };
}
