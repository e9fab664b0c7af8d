import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

const tabs = [
  ["live", "/panel"],
  ["history", "/panel/history"],
  ["wall", "/panel/wall"],
] as const;

/** The tabs of the three panels. */
export function PanelTabs() {
  const { t } = useTranslation("panel");
  return (
    <nav className="seg panel-tabs" aria-label={t("tabs.label")}>
      {tabs.map(([name, to]) => (
        <Link
          key={name}
          to={to}
          search={{}}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ "aria-current": "page" }}
        >
          {t(`tabs.${name}`)}
        </Link>
      ))}
    </nav>
  );
}
