import { Input } from "@yingda/antd";
import { pressed } from "@yingda/api/keys";
import type { StaffGoodsRow } from "@yingda/api/types";
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { count } from "../lib/format";
import { money } from "../lib/money";
import { useRefused, useUndo } from "../lib/mutations";
import { usePrefs } from "../lib/prefs";
import { say } from "../lib/i18n";
import { useMe } from "../lib/session";
import { mostStock, parsePrice, parseWhole, priceText } from "./price";
import { useUpdateGoods } from "./queries";

type What = "price" | "stock";

/** Saves a new price or stock immediately, and offers to undo it. */
export function useQuickChange() {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const { currency } = useMe();
  const update = useUpdateGoods();
  const refused = useRefused();
  const undo = useUndo();
  return (row: StaffGoodsRow, what: What, value: number) => {
    const field = what === "price" ? "price_fen" : "stock";
    const before = row[field];
    const shown = (n: number) => (what === "price" ? money(n, currency, language) : count(n, language));
    return update
      .mutateAsync({ id: row.id, change: { [field]: value, seen: row.updated_at } })
      .then(
        (after) =>
          undo(t(`quick.${what}`, { name: say(row.name, language), before: shown(before), after: shown(value) }), () =>
            update.mutateAsync({ id: row.id, change: { [field]: before, seen: after.updated_at } }),
          ),
        refused,
      );
  };
}

/** A number in the list that is edited in place: press it, type, Enter. */
export function QuickCell({ row, what }: { row: StaffGoodsRow; what: What }) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const { currency } = useMe();
  const change = useQuickChange();
  const [typed, setTyped] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLSpanElement>(null);
  const name = say(row.name, language);
  const label = t(`quick.${what}.label`, { name });
  const shown = what === "price" ? money(row.price_fen, currency, language) : count(row.stock, language);

  /** Keyboard users get the focus back on the button as soon as it is redrawn; waiting for the next frame may be too early. */
  const stays = useRef(false);
  const close = (stay: boolean) => {
    stays.current = stay;
    setTyped(null);
    setFault(null);
  };
  useLayoutEffect(() => {
    if (typed !== null || !stays.current) return;
    stays.current = false;
    box.current?.querySelector("button")?.focus();
  }, [typed]);
  const save = async (stay: boolean) => {
    if (typed === null || busy) return;
    const value = what === "price" ? parsePrice(typed, currency) : parseWhole(typed, mostStock);
    if (typeof value !== "number") {
      setFault(value === null ? t("fault.stock_rule") : t(`fault.price_${value}`));
      return;
    }
    if (value !== (what === "price" ? row.price_fen : row.stock)) {
      setBusy(true);
      await change(row, what, value);
      setBusy(false);
    }
    close(stay);
  };
  const onKey = (event: KeyboardEvent) => {
    event.stopPropagation();
    const key = pressed(event);
    if (key === "Enter") {
      event.preventDefault();
      void save(true);
    }
    if (key === "Escape") {
      event.preventDefault();
      close(true);
    }
  };

  if (typed === null) {
    return (
      <span ref={box}>
        <button
          type="button"
          className="num"
          data-cell
          aria-label={`${label}: ${shown}`}
          onClick={() => setTyped(what === "price" ? priceText(row.price_fen) : String(row.stock))}
        >
          {shown}
        </button>
      </span>
    );
  }
  return (
    <span ref={box} className="goods-quick">
      <Input
        autoFocus
        size="small"
        inputMode="decimal"
        value={typed}
        disabled={busy}
        aria-label={label}
        status={fault ? "error" : ""}
        aria-invalid={fault ? true : undefined}
        autoComplete="off"
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setTyped(event.target.value);
          setFault(null);
        }}
        onKeyDown={onKey}
        onBlur={() => {
          if (fault) close(false);
          else void save(false);
        }}
      />
      {fault && (
        <span className="field-error goods-quick-fault" role="alert">
          {fault}
        </span>
      )}
    </span>
  );
}
