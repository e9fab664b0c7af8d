import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { LoadingCards } from "../lib/loading";
import { toneOf, UseBar } from "../lib/use-bar";
import { kinds, useUseWords } from "../lib/use-words";
import { companyUse } from "./queries";

/** What the company uses of the installation, and what it may use: a warning before it is used up. */
export function CompanyUse() {
  const { t } = useTranslation("settings");
  const words = useUseWords(t);
  const found = useQuery(companyUse);
  const { limits, used } = found.data ?? {};
  const isScarce = limits && used && kinds.some((kind) => toneOf(used[kind], limits[kind]) !== "fine");
  return (
    <>
      <Failed of={found} />
      {found.isPending && <LoadingCards cards={1} lines={2} className="" card="card settings-one" />}
      {limits && used && (
        <section className="card settings-one" aria-label={t("use.title")}>
          <b>{t("use.title")}</b>
          {isScarce && (
            <p className="notice warn" role="status">
              {t("use.warning")}
            </p>
          )}
          <div className="settings-use">
            {kinds.map((kind) => (
              <div key={kind}>
                <span className="s2 t3">{t(`use.kind.${kind}`)}</span>
                <UseBar
                  label={t(`use.kind.${kind}`)}
                  used={used[kind]}
                  limit={limits[kind]}
                  words={words(kind, used[kind], limits)}
                />
              </div>
            ))}
          </div>
        </section>
      )}
    </>
  );
}
