import { Button } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { useNow } from "../../lib/clock";
import { ago } from "../../lib/format";
import { Icon } from "../../lib/icon";
import { usePrefs } from "../../lib/prefs";
import { useCopy } from "../use-copy";
import type { FirstSteps } from "./queries";
import { Step } from "./step";

/** The snippet for one's own pages, and the page that needs none. */
export function SiteStep({ site, hosted }: { site: FirstSteps["site"]; hosted: string }) {
  const { t } = useTranslation("start");
  const { t: kit } = useTranslation("kit");
  const { language } = usePrefs();
  const now = useNow(10_000);
  const copy = useCopy();
  return (
    <Step
      number={1}
      title={t("site.title")}
      done={
        site.seen_at === null ? null : (
          <>
            {t("site.seen")} <bdi className="first-step-address">{site.page}</bdi>
            <i className="dot" />
            {ago(site.seen_at, now, language)}
          </>
        )
      }
    >
      <p className="s2 t2">{t("site.what")}</p>
      <div className="row wrap settings-snippet">
        <code className="settings-code grow" role="group" tabIndex={0} aria-label={t("site.snippet")}>
          {site.snippet}
        </code>
        <Button onClick={() => void copy(site.snippet)} aria-label={t("site.copy")}>
          <Icon name="copy" />
          {kit("copy")}
        </Button>
      </div>
      {site.seen_at === null && <p className="s2 t3">{t("site.unseen")}</p>}
      <p className="s2 t2">
        {t("site.hosted")}{" "}
        <a href={hosted} target="_blank" rel="noopener" className="first-step-address">
          <bdi>{hosted}</bdi>
        </a>
      </p>
    </Step>
  );
}
