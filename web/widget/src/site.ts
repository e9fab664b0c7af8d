import { ask, type Refusal } from "./ask";
import { stream } from "./connection";
import { look } from "./look";
import { seen } from "./marks";
import { siteUrl } from "./session";
import { draw, ui } from "./ui";

/** The site: its name, its questions, and when people answer. */

/** How long the site's data is used before it is fetched again when it matters, in milliseconds. */
const SITE_FOR = 30_000;
let siteAt = 0;

export async function loadSite(): Promise<void> {
  siteAt = Date.now();
  try {
    ui.site = await ask(siteUrl());
    ui.trouble = null;
    look({ siteColor: ui.site.brand });
    seen();
  } catch (e) {
    // the data fetched before is better than nothing
    // Refused: the company is suspended, or lets nobody in at this network address.
    if (!ui.site) ui.trouble = [403, 404].includes((e as Refusal).status ?? 0) ? "site_unknown" : "load";
  }
  draw();
}

/** Fetches the site again if its data is old: people may have come or gone. */
export function checkHours(): void {
  if (ui.site && Date.now() - siteAt > SITE_FOR) void loadSite();
}

/** Checks again once people should be back; called regularly. */
export function minute(): void {
  const opens = ui.site?.service?.opens_at;
  if (opens && opens <= Date.now()) checkHours();
}

export const retryNow = (): void => (ui.trouble ? void loadSite() : stream?.retryNow());
