import { Button } from "@yingda/antd";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useKeys } from "../lib/keys";
import { ListPage } from "../lib/list-page";
import { LoadingRows } from "../lib/loading";
import { SearchField } from "../lib/search-field";
import { may, useMe } from "../lib/session";
import { useTyped } from "../lib/use-typed";
import { CustomerForm } from "./customer-form";
import { CustomersTable } from "./customers-table";
import { LabelPick } from "./label-pick";
import { customers } from "./queries";
import "./customers.css";

/** Customers whom the member may see, found by name, number and address. */
export function CustomersPage() {
  const { t } = useTranslation("customers");
  const me = useMe();
  const navigate = useNavigate({ from: "/customers" });
  const { q = "", label } = useSearch({ from: "/inside/customers" });
  const show = (next: { q: string; label?: string | undefined }) =>
    void navigate({
      search: { ...(next.q === "" ? {} : { q: next.q }), ...(next.label ? { label: next.label } : {}) },
      replace: true,
    });
  const [words, setWords] = useTyped(q, (next) => show({ q: next, label }));
  const [adding, setAdding] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const found = useInfiniteQuery(customers(q, label));
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  useKeys({ "/": () => field.current?.focus() });
  return (
    <>
      <ListPage
        title={t("title")}
        about={t("about")}
        add={may(me, "customers.edit") ? { word: t("new"), run: () => setAdding(true) } : null}
        of={found}
        rows={rows}
        above={
          <div className="row wrap customers-search" role="search">
            <SearchField
              className="customers-words"
              label={t("search")}
              shortcut="/"
              box={field}
              value={words}
              onChange={setWords}
            />
            <LabelPick value={label} onChange={(next) => show({ q, label: next })} />
            <span className="s2 t3">{t("search.what")}</span>
          </div>
        }
        loading={<LoadingRows rows={8} />}
        empty={
          label !== undefined ? (
            <>
              <p>{t("none.labelled")}</p>
              <Button onClick={() => show({ q })}>{t("label.any")}</Button>
            </>
          ) : q === "" ? (
            <p>{t("none")}</p>
          ) : (
            <>
              <p>{t("none.found", { q })}</p>
              <Button onClick={() => setWords("")}>{t("search.clear")}</Button>
            </>
          )
        }
      >
        <CustomersTable rows={rows} busy={found.isPlaceholderData} />
      </ListPage>
      {adding && (
        <CustomerForm
          of={null}
          onClose={() => setAdding(false)}
          onSaved={(id) => void navigate({ to: "/customers/$customer", params: { customer: id } })}
        />
      )}
    </>
  );
}
