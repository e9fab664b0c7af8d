import { useQuery } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "../lib/icon";
import { may, useMe } from "../lib/session";
import { useWaitingForMe } from "../live/context";
import { settingsPlaces } from "../settings/places";
import { queues } from "../settings/queries";
import { AvatarMenu } from "./avatar-menu";
import { Mark } from "./mark";

export interface Place {
  to: "/desk" | "/queues" | "/panel" | "/goods" | "/answers" | "/canned-replies" | "/settings";
  icon: IconName;
  word: string;
}

/** The pages this member may open, in the order of the rail. */
export function usePlaces(): Place[] {
  const { t } = useTranslation("shell");
  const me = useMe();
  const places: Place[] = [];
  if (may(me, "desk")) places.push({ to: "/desk", icon: "message", word: t("rail.desk") });
  if (may(me, "desk")) places.push({ to: "/queues", icon: "queue", word: t("rail.queues") });
  if (may(me, "goods.edit")) places.push({ to: "/goods", icon: "bag", word: t("rail.goods") });
  if (may(me, "knowledge.edit")) places.push({ to: "/answers", icon: "book", word: t("rail.answers") });
  if (may(me, "panel")) places.push({ to: "/panel", icon: "chart", word: t("rail.panel") });
  places.push({ to: "/canned-replies", icon: "bolt", word: t("rail.canned_replies") });
  if (settingsPlaces(me).length > 0) places.push({ to: "/settings", icon: "settings", word: t("rail.settings") });
  return places;
}

export function WaitingBadge() {
  const { t } = useTranslation("shell");
  const waiting = useWaitingForMe();
  if (waiting === 0) return null;
  return (
    <span className="badge">
      <span aria-hidden="true">{waiting > 99 ? "99+" : waiting}</span>
      <span className="sr">{t("rail.waiting", { count: waiting })}</span>
    </span>
  );
}

/** The number of unhandled left messages in the member's queues. */
function LeftBadge() {
  const { t } = useTranslation("shell");
  const me = useMe();
  const { data } = useQuery(queues);
  const left =
    data?.items
      .filter((queue) => queue.everybody || queue.members.includes(me.agent))
      .reduce((sum, queue) => sum + queue.left_messages, 0) ?? 0;
  if (left === 0) return null;
  return (
    <span className="badge">
      <span aria-hidden="true">{left > 99 ? "99+" : left}</span>
      <span className="sr">{t("rail.left", { count: left })}</span>
    </span>
  );
}

function PlaceLink({ place }: { place: Place }) {
  return (
    <Link to={place.to} className="rail-link" activeProps={{ "aria-current": "page" }}>
      <Icon name={place.icon} />
      <span>{place.word}</span>
      {place.to === "/desk" && <WaitingBadge />}
      {place.to === "/queues" && <LeftBadge />}
    </Link>
  );
}

/** The navigation: the pages for the work and, at its bottom, the settings and the member's own menu. */
export function Rail() {
  const { t } = useTranslation("shell");
  const places = usePlaces();
  return (
    <nav className="rail" aria-label={t("rail.label")}>
      <Link className="rail-logo" to="/" aria-label={t("product")}>
        <Mark />
      </Link>
      <div className="rail-places">
        {places
          .filter((place) => place.to !== "/settings")
          .map((place) => (
            <PlaceLink key={place.to} place={place} />
          ))}
      </div>
      {places
        .filter((place) => place.to === "/settings")
        .map((place) => (
          <PlaceLink key={place.to} place={place} />
        ))}
      <AvatarMenu side="beside" />
    </nav>
  );
}

/** The bottom bar of narrow screens: it scrolls if its text needs more room, and is hidden while a conversation is read. */
export function BottomBar() {
  const { t } = useTranslation("shell");
  const places = usePlaces();
  const location = useRouterState({ select: (state) => state.location });
  const onQueue = location.pathname.startsWith("/desk") && (location.search as { list?: string }).list === "queue";
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    const at = bar.current?.querySelector<HTMLElement>("[aria-current]");
    if (at && bar.current) bar.current.scrollLeft = at.offsetLeft - (bar.current.clientWidth - at.offsetWidth) / 2;
  }, [location.pathname]);
  if (/^\/desk\/./.test(location.pathname)) return null;
  return (
    <nav ref={bar} className="bottom-bar" aria-label={t("rail.label")}>
      {places.map((place) => (
        <Link
          key={place.to}
          to={place.to}
          search={{}}
          className="bottom-link"
          {...(location.pathname.startsWith(place.to) && !(place.to === "/desk" && onQueue)
            ? { "aria-current": "page" as const }
            : {})}
          activeProps={{}}
        >
          <Icon name={place.icon} />
          <span>{place.word}</span>
          {place.to === "/desk" && <WaitingBadge />}
          {place.to === "/queues" && <LeftBadge />}
        </Link>
      ))}
      <AvatarMenu side="above" />
    </nav>
  );
}
