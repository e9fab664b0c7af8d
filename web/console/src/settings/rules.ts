import type { Problem } from "@yingda/api/client";
import { useTranslation } from "react-i18next";

/** Fields whose rule has a text. */
const rules = [
  ["brand", /^brand$/],
  ["questions", /^questions$/],
  ["key", /^key$/],
  ["time", /^hours\..*\.(from|to)$/],
  ["date", /^hours\..*\.date$/],
  ["days", /^hours\.days$/],
  ["day_name", /^hours\.days\.\d+\.name$/],
] as const;

/** A refused value is explained by its field's rule, if that has a text. */
export function useRules(): (problem: Problem) => { text?: string } {
  const { t } = useTranslation("settings");
  return ({ code, field }) => {
    const [rule] = rules.find(([, of]) => field !== undefined && of.test(field)) ?? [];
    return rule && code === "invalid_value" ? { text: t(`rule.${rule}`) } : {};
  };
}
