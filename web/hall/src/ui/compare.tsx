import type { Catalogue, Goods, GoodsCard } from "@yingda/api/types";
import { check, close, plus } from "@yingda/tokens/icons";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useWords } from "../context";
import { recallGoods } from "../data";
import { money } from "../format";
import { betterOf, compareRows, related, stockState, type CompareRow } from "../goods";
import type { I18n } from "../i18n";
import { Art } from "./art";
import { Icon } from "./icon";

const most = 2;
const offered = 5;

/** The chosen goods as they become known; one that cannot be read is left out. */
function useChosen(ids: readonly string[]): Goods[] {
  const [known, setKnown] = useState<Goods[]>([]);
  const key = ids.join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` has the ids
  useEffect(() => {
    let wanted = true;
    void Promise.allSettled(ids.map((id) => recallGoods(id))).then((read) => {
      if (wanted) setKnown(read.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])));
    });
    return () => {
      wanted = false;
    };
  }, [key]);
  return known.filter((item) => ids.includes(item.id));
}

function moneyAndStock(goods: readonly Goods[], currency: string, words: I18n): CompareRow[] {
  const row = (key: string, label: string, cells: string[], better: number[]): CompareRow => ({
    key,
    label,
    cells,
    differs: cells.some((cell) => cell !== cells[0]),
    better,
  });
  const { t, lang } = words;
  return [
    row(
      "price",
      t("product.price"),
      goods.map((item) => money(item.price_fen, currency, lang)),
      betterOf(
        goods.map((item) => item.price_fen),
        -1,
      ),
    ),
    row(
      "stock",
      t("product.compare_stock"),
      goods.map((item) => t(`goods.${stockState(item.stock)}`, { n: item.stock })),
      [],
    ),
  ];
}

function CompareTable({
  goods,
  currency,
  all,
}: {
  goods: readonly Goods[];
  currency: string;
  all: boolean;
}): JSX.Element {
  const words = useWords();
  const { t, pick, lang } = words;
  const rows = [...moneyAndStock(goods, currency, words), ...compareRows(goods, words)].filter(
    (row) => all || row.differs,
  );
  const none = lang === "en" ? "–" : "—";
  if (rows.length === 0) return <p class="soft">{t("product.compare_same")}</p>;
  return (
    <table class={`compare-table of-${goods.length}`} role="table">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">
            <span class="sr">{t("product.attribute")}</span>
          </th>
          {goods.map((item) => (
            <th key={item.id} role="columnheader" scope="col">
              <Art id={item.id} illustration={item.illustration} picture={item.picture} />
              <span>
                <bdi>{pick(item.name)}</bdi>
              </span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={row.key} role="row">
            <th role="rowheader" scope="row">
              {row.label}
            </th>
            {row.cells.map((cell, column) => (
              <td key={goods[column]?.id} role="cell" class={row.better.includes(column) ? "num better" : "num"}>
                {cell ?? none}
                {row.better.includes(column) ? <span class="sr">{t("product.compare_better")}</span> : null}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** This product beside up to two others of its category. */
export function Compare({ item, catalogue }: { item: Goods; catalogue: Catalogue }): JSX.Element | null {
  const { t, pick } = useWords();
  const others: GoodsCard[] = related(catalogue.goods, item).slice(0, offered);
  const [ids, setIds] = useState<string[]>(() => others.slice(0, 1).map(({ id }) => id));
  const [all, setAll] = useState(false);
  const chosen = useChosen(ids);
  if (others.length === 0) return null;
  const full = ids.length >= most;
  return (
    <section class="card" id="compare" aria-labelledby="compare-title">
      <div class="section-head">
        <h2 id="compare-title">{t("product.compare")}</h2>
        <label class="check">
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
          <span>{t("product.compare_all")}</span>
        </label>
      </div>
      <p class="soft">{full ? t("product.compare_full") : t("product.compare_lead")}</p>
      <div class="chip-row" role="group" aria-label={t("product.compare_pick")}>
        {others.map(({ id, name }) => {
          const on = ids.includes(id);
          return (
            <button
              key={id}
              type="button"
              class="chip"
              aria-pressed={on}
              disabled={!on && full}
              onClick={() => setIds(on ? ids.filter((other) => other !== id) : [...ids, id])}
            >
              <Icon d={on ? close : plus} />
              <bdi>{pick(name)}</bdi>
            </button>
          );
        })}
      </div>
      {ids.length === 0 ? (
        <p class="soft">{t("product.compare_none")}</p>
      ) : (
        <CompareTable goods={[item, ...chosen]} currency={catalogue.currency} all={all} />
      )}
    </section>
  );
}

/** The selling points of a product, one line each. */
export function Points({ points }: { points: readonly string[] }): JSX.Element {
  return (
    <ul class="ticks">
      {points.map((point) => (
        <li key={point}>
          <Icon d={check} />
          <span>{point}</span>
        </li>
      ))}
    </ul>
  );
}
