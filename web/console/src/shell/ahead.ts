import type { RegisteredRouter } from "@tanstack/react-router";
import { loadWords } from "../lib/i18n";
import { prefs } from "../lib/prefs";
import { browserPlace } from "../live/place";

const key = "yingda.console.start";

/** Remembers that somebody is signed in here, and where they begin; null once nobody is. */
export const noteStart = (page: string | null) => browserPlace.set(key, page);

/** Fetches what the page at this address consists of while the server is asked who is signed in. Where nobody was, nothing is fetched that only members need. */
export async function fetchAhead(router: RegisteredRouter) {
  const start = browserPlace.get(key);
  if (start === null) return;
  const words = loadWords(prefs.get().language);
  const parts = router.options.context.openInside().then(() => {
    const { pathname } = router.latestLocation;
    const [routes] = router.getMatchedRoutes(pathname === "/" ? start : pathname);
    return Promise.allSettled(routes.map(async (route) => router.loadRouteChunk(route)));
  });
  // What cannot be fetched now is asked for again by the page itself.
  await Promise.allSettled([words, parts]);
}
