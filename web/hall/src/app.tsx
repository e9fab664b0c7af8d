import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { embedChat, updateChat, watchUnread } from "./chat";
import { Context, type HallContext } from "./context";
import { useHall } from "./data";
import { i18n } from "./i18n";
import { HomePage } from "./pages/home";
import { MissingPage } from "./pages/missing";
import { PlansPage } from "./pages/plans";
import { ProductPage } from "./pages/product";
import { SearchPage } from "./pages/search";
import { StorePage } from "./pages/store";
import { applyPrefs, keepPrefs, readPrefs, watchSystemTheme, type Prefs } from "./prefs";
import { usePlace, type Place } from "./router";
import { Shell } from "./ui/shell";
import { Failed } from "./ui/states";

/** The width in rem under which the bottom bar stands and takes the launcher's place; shell.css breaks there too. */
const compactBelow = 56;

function isCompact(): boolean {
  return innerWidth / Number.parseFloat(getComputedStyle(document.documentElement).fontSize) < compactBelow;
}

function useCompact(scale: number): boolean {
  const [compact, setCompact] = useState(isCompact);
  useEffect(() => {
    const measure = (): void => setCompact(isCompact());
    measure();
    addEventListener("resize", measure);
    return () => removeEventListener("resize", measure);
  }, [scale]);
  return compact;
}

function Page({ place }: { place: Place }): JSX.Element {
  const { route, query } = place;
  switch (route.name) {
    case "home":
      return <HomePage />;
    case "goods":
      return <StorePage query={query} />;
    case "product":
      return <ProductPage key={route.id} id={route.id} />;
    case "plans":
      return <PlansPage query={query} />;
    case "search":
      return <SearchPage q={route.q} />;
    case "missing":
      return <MissingPage />;
  }
}

export function App(): JSX.Element {
  const [prefs, setPrefs] = useState<Prefs>(readPrefs);
  const place = usePlace();
  const hall = useHall();
  const words = useMemo(() => i18n(prefs.lang), [prefs.lang]);

  useLayoutEffect(() => {
    applyPrefs(prefs);
    return watchSystemTheme(() => applyPrefs(prefs));
  }, [prefs]);

  const compact = useCompact(prefs.scale);
  const [unread, setUnread] = useState(0);
  const site = hall.data?.site ?? null;
  const product = place.route.name === "product" ? place.route.id : null;
  useEffect(() => {
    if (site === null) return;
    embedChat(site, prefs.lang, !compact);
    watchUnread(setUnread);
  }, [site]);
  useEffect(() => {
    updateChat({ lang: prefs.lang, launcher: !compact, theme: prefs.theme, scale: prefs.scale, product });
  }, [site, prefs, compact, product]);

  const context: HallContext = {
    words,
    prefs,
    site,
    name: hall.data ? words.pick(hall.data.tenant) : "",
    change: (part) => {
      const next = { ...prefs, ...part };
      keepPrefs(next);
      setPrefs(next);
    },
  };
  return (
    <Context.Provider value={context}>
      <Shell route={place.route} unread={unread}>
        {hall.error ? (
          <div class="wrap">
            <Failed what="states.error_hall" resource={hall} />
          </div>
        ) : (
          <Page place={place} />
        )}
      </Shell>
    </Context.Provider>
  );
}
