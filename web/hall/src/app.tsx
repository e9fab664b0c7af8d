import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { ticket, useAccount } from "./account";
import { embedChat, identifyChat, updateChat, watchUnread } from "./chat";
import { Context, type HallContext } from "./context";
import { useHall } from "./data";
import { i18n } from "./i18n";
import { EasyPage } from "./pages/easy";
import { HomePage } from "./pages/home";
import { MissingPage } from "./pages/missing";
import { PlansPage } from "./pages/plans";
import { RecommendationsPage } from "./pages/recommendations";
import { ProductPage } from "./pages/product";
import { SearchPage } from "./pages/search";
import { StorePage } from "./pages/store";
import { applyPrefs, keepPrefs, readPrefs, watchSystemTheme, type Prefs } from "./prefs";
import { noteUsable } from "./response-times";
import { usePlace, type Place } from "./router";
import { EasyOffer, EasyShell } from "./ui/easy-shell";
import { later } from "./ui/later";
import { Shell } from "./ui/shell";
import { Failed } from "./ui/states";

const AccountPages = later("account", () => import("./pages/account-pages").then((page) => page.AccountPages));

/** The width in rem below which the bottom bar is shown in place of the launcher; shell.css breaks there too. */
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
    case "recommendations":
      return <RecommendationsPage />;
    case "search":
      return <SearchPage q={route.q} />;
    case "sign-in":
    case "register":
    case "forgot":
    case "reset":
    case "account":
    case "privacy":
    case "talk":
      return <AccountPages route={route} query={query} />;
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

  const { easy } = prefs;
  const compact = useCompact(easy ?? prefs.scale);
  // easy mode has its own way to the chat, and nothing may cover its text
  const launcher = !compact && easy === null;
  const [unread, setUnread] = useState(0);
  const site = hall.data?.site ?? null;
  useEffect(() => {
    if (site !== null) noteUsable(site);
  }, [site]);
  const product = place.route.name === "product" ? place.route.id : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: embedded once for a site; the next effect tells it of changes
  useEffect(() => {
    if (!hall.data) return;
    embedChat(hall.data, prefs.lang, launcher);
    watchUnread(setUnread);
  }, [site]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `easy` is one of the preferences
  useEffect(() => {
    updateChat({
      lang: prefs.lang,
      launcher,
      theme: prefs.theme,
      scale: easy ?? prefs.scale,
      mode: easy === null ? "" : "elder",
      product,
    });
  }, [site, prefs, launcher, product]);

  const account = useAccount();
  const customer = account === undefined ? undefined : (account?.id ?? null);
  useEffect(() => {
    if (site === null || customer === undefined) return;
    identifyChat(customer === null ? null : { customer, ticket });
  }, [site, customer]);

  const context: HallContext = {
    words,
    prefs,
    site,
    name: hall.data ? words.pick(hall.data.tenant) : "",
    sells: { goods: hall.data?.goods !== 0, plans: hall.data?.plans !== 0 },
    change: (part) => {
      const next = { ...prefs, ...part };
      keepPrefs(next);
      setPrefs(next);
    },
  };
  const failed = hall.error ? (
    <div class="wrap">
      <Failed what="states.error_hall" resource={hall} />
    </div>
  ) : null;
  return (
    <Context.Provider value={context}>
      {easy === null ? (
        <Shell route={place.route} unread={unread}>
          <EasyOffer />
          {failed ?? <Page place={place} />}
        </Shell>
      ) : (
        <EasyShell>
          {failed ?? (
            <EasyPage place={place} unread={unread}>
              <Page place={place} />
            </EasyPage>
          )}
        </EasyShell>
      )}
    </Context.Provider>
  );
}
