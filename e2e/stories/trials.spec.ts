import type { Page } from "@playwright/test";
import type { Furnished } from "../support/furnish";
import { expect, test } from "../support/furnished";
import { isInert, watch, type Hostile } from "../support/hostile";
import { memberOf } from "../support/api";
import { password, type Role } from "../support/server";
import { slowness } from "../support/slowness";
import { consolePlaces, isAsked, pageOf } from "../support/places";
import type { Words } from "../support/words";

const everybody: readonly Role[] = ["agent", "manager", "administrator"];

/** A page of the console: its address, the places whose texts it shows, and what to press to see more and which texts that shows. */
interface Place {
  path: string;
  shows?: readonly string[];
  /** What it shows to those who lead, besides. */
  led?: readonly string[];
  press?: (page: Page, t: Words) => Promise<void>;
  pressed?: readonly string[];
}

const said = (one: string): string[] =>
  ["question", "page", "customer's file", "agent's words", "agent's file", "note's file", "note"].map(
    (what) => `${one}: ${what}`,
  );

/** Pages of the day's work that show texts; the others show none. */
const ofTheDay = (ids: Furnished): readonly Place[] => [
  { path: "/inbox?list=queue", shows: ["queue", "waiting: question"] },
  { path: `/inbox/${ids.served}`, shows: ["agent's name", "customer's name", ...said("served")] },
  { path: `/inbox/${ids.waiting}?list=queue`, shows: ["queue", "waiting: question"] },
  { path: `/inbox/${ids.resolved}?list=resolved`, shows: [...said("resolved"), "resolved: rating"] },
  { path: `/inbox/${ids.left}`, shows: ["left: question", "left: message"] },
  { path: "/inbox/queues", shows: ["queue", "waiting: question"] },
  { path: `/inbox/queues?open=${ids.waiting}`, shows: ["queue", "waiting: question"] },
  { path: "/inbox/feedback", shows: ["queue", "left: message", "left: contact"] },
  {
    path: `/goods?open=${ids.goods}`,
    shows: ["goods category", "goods", "selling point", "description"],
    press: async (page, t) => {
      await page.getByRole("tab", { name: t.console("goods.tab.properties") }).click();
      await page.getByRole("tab", { name: t.console("goods.tab.prices") }).click();
    },
    pressed: ["reason of a price"],
  },
  { path: `/bot/graph?item=${ids.goods}`, shows: ["goods"] },
  {
    path: `/bot/answers?entry=${ids.entry}`,
    shows: ["knowledge category", "question", "phrasing", "phrasing, English", "changed answer"],
    led: ["note of a version", "reason of a version"],
  },
  { path: "/bot/answers?view=tests", led: ["test sentence"] },
  { path: "/bot/canned-replies", shows: ["canned reply's title", "canned reply"] },
  { path: "/training", led: ["agent's name"] },
];

/** The same of those who lead. */
const ofThoseWhoLead = (): readonly Place[] => [
  { path: "/floor/now", shows: ["queue", "agent's name"] },
  { path: "/floor/live", shows: ["queue"] },
  { path: "/floor/live?open=dialogue", shows: ["queue", "served: question"] },
  {
    path: "/reports/boards",
    shows: ["board"],
    press: (page, t) =>
      page
        .getByRole("list", { name: t.console("boards.title") })
        .getByRole("link")
        .first()
        .click(),
    pressed: ["board"],
  },
  { path: "/floor/wall", shows: ["manager's name", "wall link"] },
  { path: "/wall", shows: ["company", "queue"] },
  { path: "/settings/people", shows: ["agent's name", "manager's name", "group"] },
  { path: "/settings/groups", shows: ["group"] },
  { path: "/settings/departments", shows: ["department"] },
  { path: "/settings/roles", shows: ["role", "purpose of a role"] },
  { path: "/settings/tokens", shows: ["token"] },
  { path: "/settings/queues", shows: ["queue"] },
  { path: "/settings/company", shows: ["company"] },
  {
    path: "/settings/sites",
    shows: ["site's name", "queue"],
    press: async (page, t) => {
      await page.getByRole("button", { name: t.like(t.console("settings.edit.one")) }).click();
      await page.getByRole("button", { name: t.like(t.console("settings.step.look")) }).click();
    },
    pressed: ["bot's name", "greeting", "privacy note"],
  },
  {
    path: "/settings/webhooks",
    shows: ["webhook", "webhook's address"],
    press: async (page, t) => {
      await page.getByRole("button", { name: t.console("webhooks.deliveries"), exact: true }).click();
      await page.getByText(t.console("webhooks.tab.pending", { count: 1 }), { exact: true }).click();
      await page.getByRole("table").getByRole("button").first().click();
    },
    pressed: ["receiver's answer"],
  },
];

/** All pages of these areas, and what some of them show. */
function inAreas(areas: readonly string[], known: readonly Place[], t: Words): readonly Place[] {
  const isThere = (path: string) => known.some((place) => place.path === path || pageOf(place.path)?.to === path);
  const others = consolePlaces.flatMap(([, , places]) => places(t).map(({ path }) => path));
  return [
    ...known,
    ...others.filter((path) => areas.includes(pageOf(path)?.area ?? "") && !isThere(path)).map((path) => ({ path })),
  ];
}

const hostile = encodeURIComponent(`"><xss-x onclick=xss()><img src=x onerror=xss()> {{q}} {q}`);
/** What customers see of what was said: neither notes nor the page they were on. */
const told = said("served").filter((one) => !/note|page/.test(one));

/** What the bot says to someone who asks it. */
const answered = ["answer"];

/** Pages of the hall for a customer with an account, and the texts that each shows. */
const inTheHall = (ids: Furnished): readonly [address: string, sinks: readonly string[]][] => [
  ["/", ["company", "customer's name"]],
  ["/goods", ["goods", "goods category"]],
  [`/goods?category=${hostile}`, ["company"]],
  [`/goods/${ids.goods}`, ["goods", "attribute's label", "attribute's value", "selling point, English", "description"]],
  [`/search?q=${hostile}`, ["company"]],
  [`/search?q=${encodeURIComponent("constructor xss")}`, ["company"]],
  ["/account", ["customer's name", "served: question"]],
  [`/account/conversations/${ids.served}`, ["agent's name", ...told]],
  ["/c/demo", ["bot's name", "greeting", "privacy note"]],
];

/** Waits until the page shows the expected texts, and checks that none of them was interpreted. */
async function shows(page: Page, text: Hostile, what: string, sinks: readonly string[]): Promise<void> {
  const missing = async (): Promise<string[]> => {
    const seen = text.seenIn(await isInert(page, what));
    return sinks.filter((sink) => !seen.includes(sink));
  };
  await expect.poll(missing, { message: `${what} shows what was written` }).toEqual([]);
}

/** The requests of a page that were refused. A 503 counts only if the page does not repeat the request successfully. */
function refusals(page: Page): string[] {
  const refused: string[] = [];
  page.on("response", (answer) => {
    const request = `${answer.request().method()} ${new URL(answer.url()).pathname}`;
    if (!/^\w+ \/(api|rt|ws)/.test(request)) return;
    const busy = refused.indexOf(`503 ${request}`);
    if (answer.status() >= 400) refused.push(`${String(answer.status())} ${request}`);
    else if (busy >= 0) refused.splice(busy, 1);
  });
  return refused;
}

for (const role of everybody) {
  for (const [which, areas, known] of [
    ["the day's work", ["inbox", "customers", "records", "goods", "bot", "me"], ofTheDay],
    ["those who lead", ["floor", "reports", "settings"], ofThoseWhoLead],
  ] as const) {
    const lang = role === "manager" ? "zh-CN" : "en";
    test(`the pages of ${which}, opened by the ${role}: hostile texts stay texts, and what is not theirs says so`, {
      tag: `@${lang}`,
    }, async ({ people, furnished, server, seed, t }) => {
      const { page } = await people.staff(role);
      await watch(page.context(), people.problems);
      const refused = refusals(page);
      const { permissions } = await memberOf(server, seed, role).get("/me");
      const places = inAreas(areas, known(furnished), t).filter(({ path }) => isAsked(`/console${path}`));
      for (const place of places) {
        await page.goto(`/console${place.path}`);
        // Only the server can say whether a screen may see the wall.
        const needs = place.path === "/wall" ? "panel" : pageOf(place.path)?.needs;
        if (needs && ![needs].flat().some((one) => (permissions as string[]).includes(one))) {
          await expect(
            page.getByText(t.console("failure.code.not_permitted")),
            `${place.path} as ${role}`,
          ).toBeVisible();
          await shows(page, furnished.text, place.path, []);
          if (place.path === "/wall") refused.splice(0);
          continue;
        }
        await expect(page.getByRole("heading").first()).toBeVisible();
        const led = role === "agent" ? [] : (place.led ?? []);
        await shows(page, furnished.text, place.path, [...(place.shows ?? []), ...led]);
        await place.press?.(page, t);
        await shows(page, furnished.text, `${place.path}, pressed`, place.pressed ?? []);
        expect.soft(refused, `${place.path} as ${role}`).toEqual([]);
      }
      expect(refused).toEqual([]);
    });
  }
}

test("the hall and the chat: hostile texts stay texts, those in the address too", { tag: "@en" }, async ({
  people,
  furnished,
  t,
}) => {
  const { text, customer } = furnished;
  const context = await people.context("customer");
  await watch(context, people.problems);
  const [name, value] = customer.split("=") as [string, string];
  await context.addCookies([{ name, value, url: "https://127.0.0.1/", secure: true, httpOnly: true, sameSite: "Lax" }]);
  await context.addInitScript(() => {
    // Someone has signed in here before.
    if (location.protocol.startsWith("http")) localStorage.setItem("yingda-hall-account", "1");
  });
  const page = await context.newPage();
  const refused = refusals(page);
  for (const [address, sinks] of inTheHall(furnished).filter(([address]) => isAsked(address))) {
    await page.goto(address);
    await shows(page, text, address, sinks);
  }
  await page.goto("/");
  await page
    .getByRole("button", { name: t.hall("shell.ask"), exact: true })
    .first()
    .click();
  await shows(page, text, "the chat over the hall", ["agent's name", ...told]);
  expect(refused, "nothing is refused").toEqual([]);
  const stranger = await people.customer();
  await watch(stranger.page.context(), people.problems);
  await stranger.chat.say(text.written("question"));
  await shows(stranger.page, text, "the chat's own page", ["question", ...answered]);
  await context.clearCookies();
  for (const next of [
    "javascript:xss()",
    "//canary.invalid/",
    "/\\canary.invalid/",
    "data:text/html,<script>xss()</script>",
  ]) {
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await page.getByLabel(t.hall("account.identifier"), { exact: true }).fill("ada@example.com");
    await page.getByLabel(t.hall("account.password"), { exact: true }).fill(password);
    await page.getByRole("button", { name: t.hall("account.sign_in"), exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 }), `${next} leads to one's own page`).toContainText("Q");
    await expect(page).toHaveURL(/\/account$/);
    await context.clearCookies();
  }
});

test("whoever is made less than they were is out within seconds, and finds less on coming back", {
  tag: "@en",
}, async ({ people, furnished, server, seed, t }) => {
  const { page, name } = await people.staff("manager");
  await watch(page.context(), people.problems);
  await page.goto("/console/floor/live");
  await shows(page, furnished.text, "the panel", ["queue"]);
  const api = memberOf(server, seed, "administrator");
  const member = (await api.get("/staff?role=manager")).items.find((one) => String(one.name).startsWith("Q"));
  const since = Date.now();
  await api.patch(`/staff/${member?.id ?? ""}`, { role: "agent", seen: member?.updated_at });
  await expect(page.getByText(t.console("signin.revoked")), `${name} is at the door`).toBeVisible();
  expect(Date.now() - since).toBeLessThan(5_000 * slowness);
  const again = await people.signIn(String(member?.email));
  await again.goto("/console/floor/live");
  await expect(again.getByText(t.console("failure.code.not_permitted"))).toBeVisible();
});

test("no text is left out of these trials", { tag: "@en" }, ({ furnished }) => {
  const places = [...ofTheDay(furnished), ...ofThoseWhoLead()];
  const shown = new Set([
    ...places.flatMap(({ shows: all = [], led = [], pressed = [] }) => [...all, ...led, ...pressed]),
    ...inTheHall(furnished).flatMap(([, sinks]) => sinks),
    ...answered,
  ]);
  expect(furnished.text.sinks.filter((sink) => !shown.has(sink))).toEqual([]);
});
