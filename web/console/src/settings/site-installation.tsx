import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { ago } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { installation } from "./queries";

/** How many pages are shown. */
const SHOWN = 3;

/** Whether the snippet of a site was seen, on which pages, and which version of the loader is there. */
export function SiteInstallation({ site }: { site: string }) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const now = useNow(10_000);
  const { data } = useQuery(installation(site));
  if (!data) return null;
  if (data.pages.length === 0)
    return (
      <p className="s2 row wrap">
        <span className="tag warn">{t("install.unseen")}</span>
        <span className="t3">{t("install.unseen.what")}</span>
      </p>
    );
  return (
    <div className="s2">
      <span className="tag ok">{t("install.seen")}</span>
      <div role="group" aria-label={t("install.pages")}>
        {data.pages.slice(0, SHOWN).map(({ page, loader, last_at }) => (
          <p key={page} className="row wrap">
            <bdi className="settings-code grow">{page}</bdi>
            <span className="t3">
              {ago(last_at, now, language)}
              <i className="dot" />
              {t("install.loader", { version: loader })}
            </span>
            {loader < data.loader && <span className="tag warn">{t("install.outdated")}</span>}
          </p>
        ))}
      </div>
      {data.pages.length > SHOWN && <p className="t3">{t("install.more", { count: data.pages.length - SHOWN })}</p>}
    </div>
  );
}
