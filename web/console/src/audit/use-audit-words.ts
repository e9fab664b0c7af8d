import type { AuditEntry } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { usePrefs } from "../lib/prefs";
import { count } from "../lib/format";
import { actOf } from "./acts";

/** The words for what the audit says. What this page does not know yet is shown as the server names it. */
export function useAuditWords() {
  const { t, i18n } = useTranslation("audit");
  const { language } = usePrefs();
  const isKnown = (key: string) => i18n.exists(`audit:${key}`);
  const act = (operation: string): string => {
    const known = actOf(operation);
    if (!known || !isKnown(`thing.${known.thing}`)) return operation;
    return t(`verb.${known.verb}`, { thing: t(`thing.${known.thing}`) });
  };
  /** A field in words: each part of its name that has a word. */
  const field = (name: string): string =>
    name
      .split(".")
      .map((part) => (isKnown(`name.${part}`) ? t(`name.${part}`) : part))
      .join(" › ");
  const value = (of: unknown): string => {
    if (of === null || of === undefined || of === "") return t("value.none");
    if (typeof of === "boolean") return of ? t("value.yes") : t("value.no");
    if (typeof of === "number")
      return Number.isSafeInteger(of) && Math.abs(of) < 1e9 ? count(of, language) : String(of);
    if (typeof of === "string") return isKnown(`value.${of}`) ? t(`value.${of}`) : t("value.text", { text: of });
    return JSON.stringify(of);
  };
  const who = ({ by }: AuditEntry): string => by.name ?? t(`kind.${by.kind}`);
  /** One change as a sentence. */
  const change = ({ field: name, before, after }: AuditEntry["changes"][number]): string => {
    const said = { field: field(name), before: value(before), after: value(after) };
    if (before === null) return t("change.added", said);
    return after === null ? t("change.removed", said) : t("change.changed", said);
  };
  /** Why it was refused, and how often; null if it was done. */
  const refusal = ({ refused }: AuditEntry): string | null => {
    if (refused === null) return null;
    const { code, times } = refused;
    const why = isKnown(`refused.${code}`) ? t(`refused.${code}`) : code;
    return t("refused", { why, count: times, n: count(times, language) });
  };
  /** By which steps somebody signed in or proved who they are; null for any other act. */
  const steps = ({ request }: AuditEntry): string | null => {
    const of = (request as { steps?: unknown } | null)?.steps;
    if (!Array.isArray(of) || of.length === 0) return null;
    const names = of.map((step) => (isKnown(`step.${String(step)}`) ? t(`step.${String(step)}`) : String(step)));
    return names.join(t("step.then"));
  };
  return { act, field, value, who, change, refusal, steps };
}
