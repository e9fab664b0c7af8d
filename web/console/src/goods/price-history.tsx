import { useQuery } from "@tanstack/react-query";
import type { PriceHistory as History } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { dayAndTime, money } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
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
  return (
    <div className="goods-prices">
      <Steps items={items} now={Math.max(found.dataUpdatedAt, items[0]?.at ?? 0)} />
      <table>
        <caption className="sr">{t("tab.prices")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("prices.when")}</th>
            <th scope="col" className="r">
              {t("prices.before")}
            </th>
            <th scope="col" className="r">
              {t("prices.after")}
            </th>
            <th scope="col">{t("prices.by")}</th>
            <th scope="col">{t("prices.why")}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one, index) => (
            <tr key={`${one.at}-${index}`}>
              <td className="nowrap">{dayAndTime(one.at, me.time_zone)}</td>
              <td className="r t3">{one.old_fen === null ? t("prices.first") : money(one.old_fen, language)}</td>
              <td className="r b">{money(one.new_fen, language)}</td>
              <td>{one.by ?? t("prices.nobody")}</td>
              <td className="t2">{one.reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
