import { bag, chat, home, search, sim, user } from "@yingda/tokens/icons";
import type { ComponentChildren, JSX } from "preact";
import { useAccount } from "../account";
import { hostedChat, openChat } from "../chat";
import { useHallContext } from "../context";
import type { Key } from "../i18n";
import type { Route } from "../router";
import { DisplayMenu } from "./display-menu";
import { EasyButton } from "./easy-shell";
import { Icon, OperatorSign } from "./icon";

/** The highest number shown in a badge. */
const most = 9;

type Section = "home" | "store" | "plans" | "search";

const sections: Record<Section, { href: string; word: Key; icon: string }> = {
  home: { href: "/", word: "shell.home", icon: home },
  store: { href: "/goods", word: "shell.store", icon: bag },
  plans: { href: "/plans", word: "shell.plans", icon: sim },
  search: { href: "/search", word: "shell.search", icon: search },
};

function sectionOf(route: Route): Section | null {
  if (route.name === "goods" || route.name === "product") return "store";
  return route.name === "home" || route.name === "plans" || route.name === "search" ? route.name : null;
}

function Entry({
  section,
  current,
  icon = false,
}: {
  section: Section;
  current: Section | null;
  icon?: boolean;
}): JSX.Element {
  const { words } = useHallContext();
  const { href, word, icon: d } = sections[section];
  return (
    <a href={href} aria-current={section === current ? "page" : undefined}>
      {icon ? <Icon d={d} /> : null}
      <span>{words.t(word)}</span>
    </a>
  );
}

/** The account that is signed in, or the link to sign in. */
function AccountLink({ route }: { route: Route }): JSX.Element {
  const { t } = useHallContext().words;
  const account = useAccount();
  if (!account) {
    return (
      <a
        class="tool account-link"
        href="/sign-in"
        aria-label={t("shell.sign_in")}
        aria-current={route.name === "sign-in" ? "page" : undefined}
      >
        <Icon d={user} />
        <span class="tool-word">{t("shell.sign_in")}</span>
      </a>
    );
  }
  return (
    <a
      class="tool account-link"
      href="/account"
      aria-label={account.name === null ? t("shell.account") : t("shell.account_of", { name: account.name })}
      aria-current={route.name === "account" ? "page" : undefined}
    >
      <Icon d={user} />
      <span class="tool-word" dir="auto">
        {account.name ?? t("shell.account")}
      </span>
    </a>
  );
}

/** The sections that are not empty. */
function useSections(): Section[] {
  const { sells } = useHallContext();
  return (["home", "store", "plans", "search"] as const).filter(
    (section) => (section !== "store" || sells.goods) && (section !== "plans" || sells.plans),
  );
}

function TopBar({ route, current }: { route: Route; current: Section | null }): JSX.Element {
  const { words, prefs, change, name } = useHallContext();
  const { t } = words;
  const other = prefs.lang === "en" ? "zh-CN" : "en";
  return (
    <header class="top">
      <div class="wrap top-in">
        <a class="logo" href="/" aria-label={name === "" ? t("shell.home") : t("shell.hall_of", { name })}>
          <OperatorSign />
          <span class="logo-name">{name}</span>
        </a>
        <nav class="top-nav" aria-label={t("shell.main_nav")}>
          {useSections()
            .filter((section) => section !== "search")
            .map((section) => (
              <Entry key={section} section={section} current={current} />
            ))}
        </nav>
        <div class="tools">
          <EasyButton />
          <a class="tool tool-search" href="/search" aria-current={current === "search" ? "page" : undefined}>
            <Icon d={search} />
            <span class="tool-word">{t("shell.search")}</span>
          </a>
          <button
            type="button"
            class="tool"
            lang={other}
            aria-label={t("shell.switch_lang_label")}
            onClick={() => change({ lang: other })}
          >
            {t("shell.switch_lang")}
          </button>
          <DisplayMenu />
          <AccountLink route={route} />
        </div>
      </div>
    </header>
  );
}

/** On a phone the chat is in the middle of the bottom bar; on a product's page it takes the product along. */
function BottomBar({ route, current, unread }: { route: Route; current: Section | null; unread: number }): JSX.Element {
  const { words } = useHallContext();
  const sections = useSections();
  return (
    <div class="bottom">
      <nav class="bottom-bar" aria-label={words.t("shell.bottom_nav")}>
        <Entry section="home" current={current} icon />
        {sections.includes("store") ? <Entry section="store" current={current} icon /> : null}
        <button
          type="button"
          class="bottom-ask"
          onClick={() => openChat(route.name === "product" ? { product: route.id } : {})}
        >
          <i>
            <Icon d={chat} />
            {unread > 0 ? (
              <b class="badge num" aria-hidden="true">
                {unread > most ? `${most}+` : unread}
              </b>
            ) : null}
          </i>
          <span>
            {words.t("shell.ask")}
            {unread > 0 ? <span class="sr">{words.t("shell.unread", { n: unread })}</span> : null}
          </span>
        </button>
        {sections.includes("plans") ? <Entry section="plans" current={current} icon /> : null}
        <Entry section="search" current={current} icon />
      </nav>
    </div>
  );
}

function Footer(): JSX.Element {
  const { words, name, site } = useHallContext();
  const { t } = words;
  return (
    <footer class="foot">
      <div class="wrap row spread wrap-lines">
        <p>{t("shell.hall_of", { name })}</p>
        <nav class="row wrap-lines" aria-label={t("shell.foot_nav")}>
          {useSections().map((section) => (
            <Entry key={section} section={section} current={null} />
          ))}
          <a href="/recommendations">{t("recommend.more")}</a>
          <a href="/privacy">{t("shell.privacy")}</a>
          {site === null ? null : <a href={hostedChat(site)}>{t("shell.chat_page")}</a>}
        </nav>
        <p>{t("shell.powered")}</p>
      </div>
    </footer>
  );
}

export function Shell({
  route,
  unread,
  children,
}: {
  route: Route;
  unread: number;
  children: ComponentChildren;
}): JSX.Element {
  const { words } = useHallContext();
  const current = sectionOf(route);
  return (
    <>
      <a class="skip" href="#main">
        {words.t("shell.skip")}
      </a>
      <div class="page">
        <TopBar route={route} current={current} />
        <main id="main" tabIndex={-1}>
          {children}
        </main>
        <Footer />
      </div>
      <BottomBar route={route} current={current} unread={unread} />
    </>
  );
}
