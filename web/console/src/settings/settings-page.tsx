import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../lib/session";
import { settingsPlaces } from "./places";
import "./settings.css";

/** All settings behind one entry of the rail: a list at the side, a page beside it. */
export function SettingsPage() {
  const { t } = useTranslation("settings");
  const places = settingsPlaces(useMe());
  const side = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // If the list is a strip, scrolls it so that the open page is visible in it.
  useEffect(() => {
    side.current?.querySelector("[aria-current]")?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  }, [pathname]);
  return (
    <div className="settings">
      <nav ref={side} className="settings-side" aria-label={t("side")}>
        {places.map((place) => (
          <Link key={place.to} to={place.to} className="settings-link" activeProps={{ "aria-current": "page" }}>
            {t(place.word)}
          </Link>
        ))}
      </nav>
      <Outlet />
    </div>
  );
}
