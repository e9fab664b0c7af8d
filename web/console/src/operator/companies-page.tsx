import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { OperatedCompany } from "@yingda/api/types";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { ListPage } from "../lib/list-page";
import { LoadingRows } from "../lib/loading";
import { isProblem } from "../lib/problem";
import { SearchField } from "../lib/search-field";
import { useTyped } from "../lib/use-typed";
import { CompaniesTable } from "./companies-table";
import { HealthCard } from "./health-card";
import { LimitsForm } from "./limits-form";
import { operatedCompanies, operatorSession } from "./queries";
import { shown, type OperatorSearch, type Shown } from "./search";

/** All companies of the installation, and how it is doing. */
export function CompaniesPage() {
  const { t } = useTranslation("operator");
  const client = useQueryClient();
  const navigate = useNavigate();
  const search = useSearch({ from: "/operator" });
  const go = (next: OperatorSearch) => void navigate({ to: "/operator", search: next, replace: true });
  const { q: _, ...others } = search;
  const [words, setWords] = useTyped(search.q ?? "", (q) => go(q === "" ? others : { ...others, q }));
  const [limiting, setLimiting] = useState<OperatedCompany | null>(null);
  const found = useInfiniteQuery(operatedCompanies(search));
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  // Whoever is signed out in the meantime is led to where one signs in.
  const isOut = isProblem(found.error, "not_signed_in");
  useEffect(() => {
    if (isOut) void client.invalidateQueries({ queryKey: operatorSession.queryKey });
  }, [client, isOut]);
  const isNarrowed = search.q !== undefined || search.show !== undefined;
  return (
    <>
      <ListPage
        title={t("title")}
        className="operator-body"
        about={t("about")}
        of={found}
        rows={rows}
        above={
          <>
            <HealthCard />
            <div className="operator-filters">
              <SearchField className="operator-search" label={t("search")} value={words} onChange={setWords} />
              <Choice<Shown | "all">
                label={t("show")}
                value={search.show ?? "all"}
                options={[
                  { value: "all", word: t("show.all") },
                  ...shown.map((value) => ({ value, word: t(`show.${value}`) })),
                ]}
                onChange={(show) =>
                  go({ ...(search.q === undefined ? {} : { q: search.q }), ...(show === "all" ? {} : { show }) })
                }
              />
            </div>
          </>
        }
        loading={<LoadingRows rows={5} />}
        empty={
          <>
            <p>{isNarrowed ? t("none_found") : t("none")}</p>
            {isNarrowed && (
              <button
                type="button"
                className="y-text-button"
                onClick={() => {
                  setWords("");
                  go({});
                }}
              >
                {t("show_all")}
              </button>
            )}
          </>
        }
      >
        <CompaniesTable rows={rows} busy={found.isPlaceholderData} onLimit={setLimiting} />
      </ListPage>
      {limiting !== null && <LimitsForm key={limiting.id} company={limiting} onClose={() => setLimiting(null)} />}
    </>
  );
}
