import { expect, type Locator, type Page } from "@playwright/test";
import { scoresOf } from "../../web/api/src/rating.ts";
import type { Words } from "./words";
import { slowness } from "./slowness";

const isRating = (key: string): key is keyof typeof scoresOf => key in scoresOf;

interface Change {
  key: string;
  value: number;
  at: number;
}
declare global {
  interface Window {
    tiles: { log: Change[]; now: Record<string, number> };
  }
}

/** Records, in the page, when the number of each tile changes. */
function watch(): void {
  const tiles: Window["tiles"] = { log: [], now: {} };
  window.tiles = tiles;
  const look = (): void => {
    for (const door of document.querySelectorAll<HTMLAnchorElement>("td a.num, dd a.num")) {
      const key = new URL(door.href).searchParams.get("open");
      const text = door.textContent ?? "";
      const value = Number(text.replace(/\D/g, ""));
      // A share or a time opens the same list as the number that it belongs to, and numbers of agents open lists of agents.
      if (!key || ["free", "agents", "slots"].includes(key) || /[%:]/.test(text) || tiles.now[key] === value) continue;
      tiles.now[key] = value;
      tiles.log.push({ key, value, at: Date.now() });
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
}

interface Definition {
  key: string;
  name: { zh: string; en: string };
}

const day = 86_400_000;
/** How long before midnight is shortly before it, in milliseconds: longer than a story. */
const shortly = 100_000 * slowness;
/** Whether today's numbers stay those of one day: it is not shortly before midnight, and a panel that is open has noticed the last one. */
function isAwayFromMidnight(): boolean {
  // The demo's time zone is eight hours ahead, all year.
  const sinceMidnight = (Date.now() + 8 * 3_600_000) % day;
  return sinceMidnight > 5000 * slowness && sinceMidnight < day - shortly;
}

/** The live panel in a manager's browser. */
export class Panel {
  readonly #names = new Map<string, string>();

  constructor(
    readonly page: Page,
    readonly t: Words,
    /** where the company is found, for one that is not at the root */
    readonly base = "",
  ) {}

  async open(): Promise<void> {
    // A server that has just started is still counting earlier events.
    const since = Date.now();
    await expect
      .poll(
        async () =>
          ((await (await this.page.request.get(`${this.base}/api/v1/panel`)).json()) as { as_of: number }).as_of,
      )
      .toBeGreaterThanOrEqual(since);
    await this.page.addInitScript(watch);
    await this.page.goto(`${this.base}/console/floor/live`);
    const definitions = (await (await this.page.request.get(`${this.base}/api/v1/indicators`)).json()) as Definition[];
    for (const { key, name } of definitions) this.#names.set(key, this.t.pick(name.zh, name.en));
    for (const key of ["waiting", "active"]) this.#names.set(key, this.t.console(`panel.now.${key}`));
    await expect(this.page.getByText(this.t.like(this.t.console("desk.foot.live")))).toBeVisible();
  }

  nameOf(key: string): string {
    const name = this.#names.get(key);
    if (name === undefined) throw new Error(`there is no indicator ${key}`);
    return name;
  }

  /** The number itself, which opens the list behind it. */
  tile(key: string): Locator {
    const name = this.nameOf(key);
    if (key === "waiting" || key === "active")
      return this.page
        .getByRole("region", { name: this.t.console("panel.now.label") })
        .locator("div", { has: this.page.getByRole("term").filter({ hasText: name }) })
        .getByRole("link");
    // Beside the ring the ratings have short names.
    const row = isRating(key) ? this.t.console(`panel.ring.${key}`, scoresOf[key]) : name;
    return this.page
      .getByRole("row")
      .filter({ has: this.page.getByRole("rowheader", { name: row, exact: true }) })
      .getByRole("link")
      .first();
  }

  async value(key: string): Promise<number> {
    return Number(((await this.tile(key).textContent()) ?? "").replace(/\D/g, ""));
  }

  /** Numbers of today, which begin anew at midnight: shortly before it, they are read after it. */
  async values<K extends string>(...keys: K[]): Promise<Record<K, number>> {
    await expect.poll(isAwayFromMidnight, { timeout: 2 * shortly }).toBe(true);
    return Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await this.value(key)]))) as Record<
      K,
      number
    >;
  }

  /** Waits until a number has the expected value, and reports how long after `since` the reader could see it. */
  async changed(key: string, value: number, since: number): Promise<string> {
    await expect(this.tile(key)).toHaveText(this.t.number(value));
    const at = await this.page.evaluate(
      ([key, value, since]) => window.tiles.log.find((c) => c.key === key && c.value === value && c.at >= since)?.at,
      [key, value, since] as const,
    );
    if (at === undefined) throw new Error(`${key} was ${String(value)} before it should have changed`);
    return `${key} tile changed after ${String(at - since)} ms`;
  }

  /** Opens the list behind a number, counts it, and closes it. */
  async countBehind(key: string): Promise<{ count: number; rows: number }> {
    await this.tile(key).click();
    const drawer = this.page.getByRole("dialog", { name: this.nameOf(key) });
    const rows = drawer.getByRole("listitem");
    const count = drawer.locator(".behind-count b");
    await expect(count).toHaveText(/\d/);
    const more = drawer.getByRole("button", {
      name: new RegExp(this.t.console("panel.behind.more", { count: 2 }).split(/[（(]/)[0] ?? ""),
    });
    const total = Number(((await count.textContent()) ?? "").replace(/\D/g, ""));
    while (await more.isVisible()) {
      const before = await rows.count();
      await more.click();
      await expect(async () => expect(await rows.count()).toBeGreaterThan(before)).toPass();
    }
    const shown = await rows.count();
    await drawer.getByRole("button", { name: this.t.console("panel.close") }).click();
    await expect(drawer).toBeHidden();
    return { count: total, rows: shown };
  }
}
