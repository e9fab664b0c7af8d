import { Button, Dialog } from "@yingda/antd";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { GraphRow } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { FileListPage } from "../lib/file-list-page";
import { Filter } from "../lib/filter";
import { count } from "../lib/format";
import { say } from "../lib/i18n";
import { LoadingRows } from "../lib/loading";
import { usePrefs } from "../lib/prefs";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import { useTyped } from "../lib/use-typed";
import { ItemForm } from "./item-form";
import { exportUrl, graph, graphItem, useImportGraph } from "./queries";
import { filters, kinds, type GraphSearch } from "./search";
import { UnitsDialog } from "./units-dialog";
import "./graph.css";

/** One item beside the list. */
function ItemDrawer({ id, onClose }: { id: string; onClose(): void }) {
  const { t } = useTranslation("curate");
  const { t: shell } = useTranslation("shell");
  const found = useQuery(graphItem(id));
  if (found.data) return <ItemForm item={found.data} onClose={onClose} />;
  return (
    <Dialog open placement="end" width="40rem" title={t("loading")} closeLabel={shell("close")} onClose={onClose}>
      {found.isError ? <Failed of={found} /> : <LoadingRows rows={5} />}
    </Dialog>
  );
}

function Names({ row }: { row: GraphRow }) {
  const { t } = useTranslation("curate");
  const side = (lang: "zh" | "en") =>
    row.aliases[lang].map((name) => {
      const shared = row.ambiguous.includes(name);
      return (
        <span
          key={`${lang} ${name}`}
          lang={lang === "zh" ? "zh-CN" : "en"}
          className={shared ? "tag warn" : "tag line"}
        >
          {name}
          {shared && <span className="sr"> {t("graph.is_ambiguous")}</span>}
        </span>
      );
    });
  return (
    <span className="graph-names">
      {side("zh")}
      {side("en")}
    </span>
  );
}

/** What an item is called, and which it is. */
function ItemName({ row }: { row: GraphRow }) {
  const { t } = useTranslation("curate");
  const { language } = usePrefs();
  return (
    <>
      <Link
        from="/bot/graph"
        to="/bot/graph"
        search={(before) => ({ ...before, item: row.id })}
        className="graph-link"
        aria-label={t("graph.edit", { name: say(row.name, language) })}
      >
        <bdi>{say(row.name, language)}</bdi>
      </Link>
      <span className="s1 t3 graph-what">
        {t(`graph.item.${row.kind}`)}
        <i className="dot" />
        <span className="n">{row.id}</span>
        {row.state !== undefined && row.state !== "live" && (
          <>
            <i className="dot" />
            {t(`state.${row.state}`)}
          </>
        )}
      </span>
    </>
  );
}

/** Goods, plans, categories and tags with what is added to them for the bot. */
export function GraphPage() {
  const { t } = useTranslation("curate");
  const { language } = usePrefs();
  const navigate = useNavigate({ from: "/bot/graph" });
  const { item, ...search } = useSearch({ from: "/inside/bot/graph" });
  const set = (change: Partial<Record<keyof GraphSearch, unknown>>) =>
    void navigate({
      search: (before): GraphSearch =>
        Object.fromEntries(
          Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined && value !== ""),
        ),
      replace: !("item" in change),
    });
  const [words, setWords] = useTyped(search.q ?? "", (q) => set({ q }));
  const [hasUnits, setUnits] = useState(false);
  const pages = useInfiniteQuery(graph(search));
  const read = useImportGraph();
  const rows = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const columns: readonly Column<GraphRow>[] = [
    { id: "item", title: t("graph.item"), isHeading: true, cell: (row) => <ItemName row={row} /> },
    { id: "names", title: t("graph.aliases"), narrow: "line", cell: (row) => <Names row={row} /> },
    {
      id: "relations",
      title: t("graph.relations"),
      align: "end",
      width: "5rem",
      cell: (row) => <span className="n">{count(row.relations, language)}</span>,
    },
    {
      id: "faqs",
      title: t("graph.faqs"),
      align: "end",
      width: "5rem",
      cell: (row) => <span className="n">{count(row.faqs, language)}</span>,
    },
  ];
  return (
    <>
      <FileListPage
        what="graph"
        total={pages.data?.pages[0]?.total}
        isNarrowed={Object.keys(search).length > 0}
        onShowAll={() => {
          setWords("");
          void navigate({ search: {} });
        }}
        words={words}
        onWords={setWords}
        filters={
          <>
            <Filter
              label={t("graph.item")}
              all={t("graph.all")}
              options={kinds.map((kind) => ({ value: kind, word: t(`graph.item.${kind}`) }))}
              value={search.kind}
              onChange={(kind) => set({ kind })}
            />
            <Filter
              label={t("graph.only")}
              all={t("graph.only.all")}
              options={filters.map((only) => ({ value: only, word: t(`graph.only.${only}`) }))}
              value={search.only}
              onChange={(only) => set({ only })}
            />
          </>
        }
        acts={<Button onClick={() => setUnits(true)}>{t("graph.units")}</Button>}
        file={exportUrl}
        subject={t("graph.item")}
        read={read.mutateAsync}
        of={pages}
        rows={rows}
      >
        <Table
          label={t("graph.title")}
          className="card"
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
          busy={pages.isPlaceholderData}
        />
      </FileListPage>
      {item !== undefined && <ItemDrawer key={item} id={item} onClose={() => set({ item: undefined })} />}
      {hasUnits && <UnitsDialog onClose={() => setUnits(false)} />}
    </>
  );
}
