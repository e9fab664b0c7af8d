import { useQuery } from "@tanstack/react-query";
import type { PriceHistory as History } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { dayAndTime } from "../lib/format";
import { money } from "../lib/money";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import { prices } from "./queries";

const width = 640;
const height = 140;
const pad = 8;

/** The course of the price in steps; the table below says the same in words. */
function Steps({ items, now }: { items: History["items"]; now: number }) {
  const told = [...items].reverse();
  const begun = told[0];
  if (!begun) return null;
  // Before the first recorded change, the price was the one that change gives as the old price.
  const old =
    begun.old_fen === null
      ? told
      : [{ at: begun.at - Math.max(1, (now - begun.at) / 5), new_fen: begun.old_fen }, ...told];
  const first = old[0];
  if (!first || old.length < 2) return null;
  const all = old.map((one) => one.new_fen);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const span = Math.max(1, now - first.at);
  const x = (at: number) => pad + ((at - first.at) / span) * (width - 2 * pad);
  const y = (fen: number) => height - pad - ((fen - low) / Math.max(1, high - low)) * (height - 2 * pad);
  const points = old.flatMap(
    (one, index) =>
      [
        [x(one.at), y(one.new_fen)],
        [x(old[index + 1]?.at ?? now), y(one.new_fen)],
      ] as const,
  );
  return (
    <svg className="goods-steps" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline
        points={points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(" ")}
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

/** The past prices of the product, and who changed them. */
export function PriceHistory({ id }: { id: string }) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const me = useMe();
  const found = useQuery(prices(id));
  if (found.isError) return <Failed of={found} />;
  if (!found.data)
    return (
      <div className="goods-loading" role="status" aria-label={t("loading")}>
        <span className="skeleton" />
        <span className="skeleton" />
      </div>
    );
  const { items } = found.data;
  if (items.length === 0) return <p className="empty">{t("prices.empty")}</p>;
  const columns: readonly Column<(typeof items)[number]>[] = [
    { id: "when", title: t("prices.when"), className: "nowrap", cell: ({ at }) => dayAndTime(at, me.time_zone) },
    {
      id: "before",
      title: t("prices.before"),
      align: "end",
      className: "t3",
      cell: ({ old_fen, currency }) => (old_fen === null ? t("prices.first") : money(old_fen, currency, language)),
    },
    {
      id: "after",
      title: t("prices.after"),
      align: "end",
      className: "b",
      cell: ({ new_fen, currency }) => money(new_fen, currency, language),
    },
    { id: "by", title: t("prices.by"), cell: ({ by }) => by ?? t("prices.nobody") },
    { id: "why", title: t("prices.why"), className: "t2", cell: ({ reason }) => reason },
  ];
  return (
    <div className="goods-prices">
      <Steps items={items} now={Math.max(found.dataUpdatedAt, items[0]?.at ?? 0)} />
      <Table
        label={t("tab.prices")}
        form="plain"
        columns={columns}
        rows={items.map((item, index) => ({ ...item, index }))}
        keyOf={({ at, index }) => `${at}-${index}`}
      />
    </div>
  );
}
