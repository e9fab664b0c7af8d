import { Button, Input } from "@yingda/antd";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { AuditEntry } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Filter } from "../lib/filter";
import { Icon } from "../lib/icon";
import { ListPage } from "../lib/list-page";
import { LoadingRows } from "../lib/loading";
import { SearchField } from "../lib/search-field";
import { useMe } from "../lib/session";
import { useTyped } from "../lib/use-typed";
import { AuditDialog } from "./audit-dialog";
import { AuditRetention } from "./audit-retention";
import { AuditTable } from "./audit-table";
import { audit, auditChoices, exportUrl } from "./queries";
import type { AuditSearch } from "./search";
import { useAuditWords } from "./use-audit-words";
import "./audit.css";

/** Who did what: searched by person, object, act and time. */
export function AuditPage() {
  const { t } = useTranslation("audit");
  const me = useMe();
  const { act } = useAuditWords();
  const navigate = useNavigate();
  const search = useSearch({ from: "/inside/settings/audit" });
  const found = useInfiniteQuery(audit(search, me.time_zone));
  const choices = useQuery(auditChoices).data;
  const [shown, setShown] = useState<AuditEntry | null>(null);
  const entries = found.data?.pages.flatMap((page) => page.items) ?? [];
  const show = (change: AuditSearch) => {
    const next = Object.fromEntries(
      Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined && value !== ""),
    ) as AuditSearch;
    void navigate({ to: "/settings/audit", search: next, replace: true });
  };
  const [object, setObject] = useTyped(search.object ?? "", (words) => show({ object: words.trim() }));
  const day = (name: "from" | "to") => (
    <label className="audit-day s2">
      <span className="t3">{t(`field.${name}`)}</span>
      <Input type="date" value={search[name] ?? ""} onChange={(event) => show({ [name]: event.target.value })} />
    </label>
  );
  const filters = (
    <div className="row wrap audit-filters" role="search">
      <Filter
        label={t("field.person")}
        all={t("filter.person")}
        options={(choices?.people ?? []).map(({ id, name }) => ({ value: id, word: name }))}
        value={search.person}
        onChange={(person) => show({ person })}
      />
      <Filter
        label={t("field.act")}
        all={t("filter.act")}
        options={(choices?.operations ?? []).map((operation) => ({ value: operation, word: act(operation) }))}
        value={search.operation}
        onChange={(operation) => show({ operation })}
      />
      <SearchField className="audit-object" label={t("field.object")} value={object} onChange={setObject} />
      {day("from")}
      {day("to")}
    </div>
  );
  const clear = () => {
    setObject("");
    void navigate({ to: "/settings/audit", search: {}, replace: true });
  };
  return (
    <>
      <ListPage
        data-tour="audit"
        title={t("title")}
        of={found}
        rows={entries}
        acts={
          <Button href={exportUrl(search, me.time_zone)} download icon={<Icon name="download" />}>
            {t("export")}
          </Button>
        }
        above={
          <>
            <AuditRetention />
            {filters}
          </>
        }
        loading={<LoadingRows rows={8} />}
        empty={
          Object.keys(search).length > 0 ? (
            <>
              <p>{t("none.found")}</p>
              <Button onClick={clear}>{t("search.clear")}</Button>
            </>
          ) : (
            <p>{t("none")}</p>
          )
        }
      >
        <AuditTable entries={entries} busy={found.isPlaceholderData} onOpen={setShown} />
      </ListPage>
      {shown && <AuditDialog entry={shown} onShow={show} onClose={() => setShown(null)} />}
    </>
  );
}
