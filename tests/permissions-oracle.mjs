// What roles may do, decided from the table in permissions.csv alone. Nothing here is taken from the program, so that what the program decides can be compared with it.
//
//   node tests/permissions-oracle.mjs SEED [ROLES] [-]
//
// With “-” it reads the table from its input, so that a test can show that an altered one is found.
// It prints a line of JSON for each permission, situation, person and group of the table, for each built-in role and for random ones with every decision about
// them, and for random roles that nobody can compose. The same seed gives the same lines.

import { readFileSync } from "node:fs";

const [seed = "1", count = "500", given] = process.argv.slice(2);
const table = readFileSync(given === "-" ? 0 : new URL("permissions.csv", import.meta.url), "utf8");

/** The cells of a table in CSV. */
function rowsOf(text) {
  const rows = [];
  for (const line of text.split(/\r?\n/)) {
    const cells = [];
    const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/gy;
    for (let found = cell.exec(line); found; found = cell.exec(line)) {
      cells.push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
      if (found[3] === "") break;
    }
    rows.push(cells);
  }
  return rows;
}

/** The parts of the file by their titles: each has notes, of one cell, and then a table with a head. */
function partsOf(text) {
  const parts = {};
  let title = null;
  let head = null;
  for (const cells of rowsOf(text)) {
    if (cells.length === 1 && cells[0] === "") {
      title = head = null;
    } else if (title === null) {
      title = cells[0];
      parts[title] = [];
    } else if (cells.length === 1) {
      if (head) throw new Error(`${title}: a row of one cell: ${cells[0]}`);
    } else if (head === null) {
      if (new Set(cells).size < cells.length) throw new Error(`${title}: two columns have one name`);
      head = cells;
    } else {
      if (cells.length !== head.length)
        throw new Error(`${title}: ${cells.length} cells instead of ${head.length}: ${cells[0]}`);
      parts[title].push(Object.fromEntries(head.map((name, at) => [name, cells[at]])));
    }
  }
  return parts;
}

/** What a cell says. A right that is only promised is not held. */
function says(row, column) {
  const word = row[column];
  if (!["yes", "no", "later"].includes(word)) throw new Error(`${column}: neither yes nor no: ${JSON.stringify(row)}`);
  return word === "yes";
}

const parts = partsOf(table);
const reaches = parts.Reaches.map((row) => row.reach);
const code = (reach) => reach.replaceAll(" ", "_");
const builtIn = Object.keys(parts.Permissions[0]).slice(3);
const contacts = parts.Contacts.map((row) => row.contact);
const possible = new Map(
  parts.Permissions.map((row) => [row.permission, reaches.filter((_, at) => says(parts.Reaches[at], row.over))]),
);

/** What a built-in role holds: for each permission, its reaches. */
function held(role) {
  const all = new Map();
  for (const row of parts.Permissions) {
    const cell = row[role];
    const reach = cell === "no" ? [] : cell === "yes" ? ["company"] : cell.split(" + ");
    if (reach.some((one) => !possible.get(row.permission).includes(one)))
      throw new Error(`${row.permission}: ${role}: ${cell}`);
    if (reach.length > 0) all.set(row.permission, reach);
  }
  return { grants: all, hides: [] };
}

const administrator = held("administrator");
const reachOf = (role, permission) => role.grants.get(permission) ?? [];
const holds = (role, permission) => reachOf(role, permission).length > 0;
const lets = (row, reach) => reach.some((one) => says(row, one));

/** Whether a role allows something that another does not, or shows what the other hides. */
function holdsMore(role, than) {
  const goesBeyond = ([permission, reach]) => {
    const own = reachOf(than, permission);
    return !own.includes("company") && reach.some((one) => !own.includes(one));
  };
  return [...role.grants].some(goesBeyond) || than.hides.some((contact) => !role.hides.includes(contact));
}

/** What another role holds beside a role, as the table calls it. */
function beside(role, other) {
  if (holdsMore(other, role)) return "more than the member’s";
  return holdsMore(role, other) ? "less than the member’s" : "as much as the member’s";
}

/** What a member with a role may do with another role: give it to others, or compose it. */
function over(role, other, name) {
  const giving = holdsMore(administrator, role) ? "give" : "give as an administrator";
  const row = (what) => parts.Holders.find((one) => one["what the role holds"] === what);
  const holder = row(name === "administrator" ? "the role of administrators" : beside(role, other));
  return {
    give: holds(role, "people.manage") && says(holder, giving),
    compose: holds(role, "roles.manage") && says(row(beside(role, other)), "compose"),
  };
}

/** Every decision about a role that the table makes: what is let through, by name. */
function decisions(role) {
  const serving = reachOf(role, "desk");
  const reading = [...serving, ...reachOf(role, "conversations.read")];
  const isHelped = (row) => serving.length > 0 && says(row, "anyone who serves");
  const through = (rows, key, isLet) => rows.filter(isLet).map((row) => row[key]);
  const within = (rows, key, permission) => through(rows, key, (row) => lets(row, reachOf(role, permission)));
  return {
    holds: [...possible.keys()].filter((permission) => holds(role, permission)),
    reads: through(parts.Conversations, "situation", (row) => lets(row, reading) || isHelped(row)),
    serves: through(parts.Conversations, "situation", (row) => lets(row, serving) || isHelped(row)),
    manages: within(parts.People, "person", "people.manage"),
    follows: within(parts.People, "person", "people.follow"),
    places: within(parts.Groups, "into", "people.manage"),
  };
}

/** Numbers from 0 up to 1 that follow from a seed (mulberry32). */
function randomness(from) {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = randomness(Number(seed));
const chance = (of) => random() < of;
const pick = (list) => list[Math.floor(random() * list.length)];

/** A role that somebody could compose. The whole company is given seldom: it decides everything. */
function randomRole() {
  const grants = new Map();
  while (grants.size === 0) {
    const usual = random();
    for (const [permission, all] of possible) {
      if (!chance(usual)) continue;
      const reach = all.filter((one) => chance(one === "company" && all.length > 1 ? 0.12 : 0.4));
      grants.set(permission, reach.length > 0 ? reach : [pick(all)]);
    }
  }
  return { grants, hides: contacts.filter(() => chance(0.3)) };
}

/** A role that differs little from another: by what it holds, by what it hides, or only in how it is written. */
function near(role) {
  const grants = new Map(role.grants);
  let hides = role.hides;
  const permission = pick([...possible.keys()]);
  const own = reachOf(role, permission);
  const changed = pick(["less", "more", "hides", "written"]);
  if (changed === "less" && grants.size > 1) grants.delete(pick([...grants.keys()]));
  if (changed === "more") grants.set(permission, [...new Set([...own, pick(possible.get(permission))])]);
  if (changed === "hides") hides = contacts.filter((contact) => role.hides.includes(contact) !== chance(0.4));
  if (changed === "written") {
    for (const [one, reach] of role.grants) {
      const all = possible.get(one).filter((other) => reach.includes(other) || chance(0.5));
      if (reach.includes("company")) grants.set(one, all);
    }
  }
  return { grants, hides };
}

/** A role that has one fault, so that nobody can compose it. */
function impossibleRole() {
  const role = written(randomRole());
  const permission = pick([...possible.keys()]);
  const unable = reaches.filter((one) => !possible.get(permission).includes(one));
  const others = role.grants.filter((grant) => grant.permission !== permission);
  const some = [code(pick(possible.get(permission)))];
  const fault = pick(["unknown", "unable", "none", "twice"]);
  if (fault === "unknown")
    return { ...role, grants: [...role.grants, { permission: `${permission}.all`, reach: some }] };
  if (fault === "none") return { ...role, grants: [...others, { permission, reach: [] }] };
  if (fault === "twice" || unable.length === 0)
    return { ...role, grants: [...others, { permission, reach: some }, { permission, reach: some }] };
  return { ...role, grants: [...others, { permission, reach: [...some, code(pick(unable))] }] };
}

/** A role as the program reads it. */
const written = (role) => ({
  grants: [...role.grants].map(([permission, reach]) => ({ permission, reach: reach.map(code) })),
  hides: role.hides,
});

const lines = [];
const print = (line) => lines.push(JSON.stringify(line));

/** A role with every decision about it, also over other roles. */
function printRole(name, role) {
  const named = builtIn.map((other) => ({ name: code(other), ...over(role, held(other), other) }));
  const composed = [role, near(role), near(role), near(role), near(role), randomRole()];
  const unnamed = composed.map((other) => ({ name: null, ...written(other), ...over(role, other, null) }));
  print({ t: "role", name, ...written(role), ...decisions(role), over: [...named, ...unnamed] });
}

for (const row of parts.Permissions) {
  print({
    t: "permission",
    name: row.permission,
    words: row["in words"],
    reach: possible.get(row.permission).map(code),
  });
}
for (const row of parts.Reaches) print({ t: "reach", name: code(row.reach), words: row["in words"] });
for (const row of parts.Contacts) print({ t: "contact", name: row.contact, words: row["in words"] });
for (const row of parts.Conversations) {
  const { situation, of, state, "served by": agent, "waits in": queue, "left message": left, alert } = row;
  print({ t: "conversation", name: situation, of, state, agent, queue, left, alert });
}
for (const row of parts.People) print({ t: "person", name: row.person });
for (const row of parts.Groups) print({ t: "group", name: row.into });
for (const role of builtIn) printRole(code(role), held(role));
for (let n = 0; n < Number(count); n++) printRole(null, randomRole());
for (let n = 0; n < Number(count) / 5; n++) print({ t: "impossible", ...impossibleRole() });
process.stdout.write(`${lines.join("\n")}\n`);
