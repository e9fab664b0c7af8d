import { Link, useParams } from "@tanstack/react-router";
import { useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { learning, turnHelp } from "../lib/learning";
import { useMe } from "../lib/session";
import { useStore } from "../lib/store";
import { entries, type Entry } from "./areas";
import { AvatarMenu } from "./avatar-menu";
import { areaBadges } from "./badges";
import { useDialogs } from "./dialogs";
import { Mark } from "./mark";
import { useFade } from "./use-fade";
import { usePlace } from "./use-place";

/** The areas this member may open, and the one that is open. */
export function useEntries() {
  const me = useMe();
  const { area } = usePlace();
  return { all: entries(me), open: area?.id };
}

function AreaLink({ entry, current, className }: { entry: Entry; current: boolean; className: string }) {
  const { t } = useTranslation("areas");
  const Badge = areaBadges[entry.area.id];
  return (
    <Link
      to={entry.to}
      search={{}}
      className={className}
      activeOptions={{ exact: true }}
      aria-current={current ? "page" : undefined}
    >
      <Icon name={entry.icon} />
      <span className="rail-word">{t(entry.word)}</span>
      {Badge && <Badge />}
    </Link>
  );
}

function SearchButton({ className }: { className: string }) {
  const { t } = useTranslation("shell");
  const dialogs = useDialogs();
  return (
    <button
      type="button"
      className={className}
      data-tour="search"
      aria-keyshortcuts="Control+K Meta+K"
      aria-haspopup="dialog"
      onClick={() => dialogs.open("palette")}
    >
      <Icon name="search" />
      <span className="rail-word">{t("search")}</span>
    </button>
  );
}

/** Opens and closes the help with the open page. */
function HelpButton() {
  const { t } = useTranslation("shell");
  const { help } = useStore(learning);
  return (
    <button
      type="button"
      className="rail-link"
      data-tour="help"
      aria-keyshortcuts="F1"
      aria-expanded={help}
      onClick={() => turnHelp(!help)}
    >
      <Icon name="help" />
      <span className="rail-word">{t("help")}</span>
    </button>
  );
}

/** The areas, which scroll if there are more than fit. */
function Scrolling({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useFade(box);
  return (
    <div ref={box} className="rail-places">
      {children}
    </div>
  );
}

/** The navigation: the areas of work and, at its foot, the settings and the member's own menu. */
export function Rail() {
  const { t } = useTranslation("shell");
  const { all, open } = useEntries();
  const links = (at: "rail" | "foot") =>
    all
      .filter(({ area }) => area.at === at)
      .map((entry) => (
        <AreaLink key={entry.area.id} entry={entry} current={entry.area.id === open} className="rail-link" />
      ));
  return (
    <nav className="rail" data-tour="rail" aria-label={t("rail.label")}>
      <Link className="rail-logo" to="/" aria-label={t("product")}>
        <Mark />
      </Link>
      <SearchButton className="rail-link" />
      <Scrolling>{links("rail")}</Scrolling>
      <HelpButton />
      {links("foot")}
      <AvatarMenu side="beside" />
    </nav>
  );
}

/** How many areas the bar of a phone shows; the rest are in the member's own menu. */
const inBar = 2;

/** The bar of narrow screens: two areas, the search, and everything else under one's own name. It is hidden while a conversation is read. */
export function BottomBar() {
  const { t } = useTranslation("shell");
  const { all, open } = useEntries();
  const { conversation } = useParams({ strict: false }) as { conversation?: string };
  if (conversation !== undefined) return null;
  const rest = all.slice(inBar);
  return (
    <nav className="bottom-bar" data-tour="rail" aria-label={t("rail.label")}>
      {all.slice(0, inBar).map((entry) => (
        <AreaLink key={entry.area.id} entry={entry} current={entry.area.id === open} className="bottom-link" />
      ))}
      <SearchButton className="bottom-link" />
      <AvatarMenu side="above" more={rest} current={rest.some(({ area }) => area.id === open) || open === "me"} />
    </nav>
  );
}
