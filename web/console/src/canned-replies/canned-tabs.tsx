import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { MacrosPage } from "./macros-page";
import { CannedRepliesPage } from "./canned-replies-page";

/** What agents have ready: replies to insert, and macros to run. */
export function CannedTabs() {
  const { t } = useTranslation("canned");
  const navigate = useNavigate();
  const { tab } = useSearch({ from: "/inside/bot/canned-replies" });
  const tabs = (
    <Choice
      label={t("tabs")}
      value={tab ?? "replies"}
      options={(["replies", "macros"] as const).map((value) => ({ value, word: t(`tab.${value}`) }))}
      onChange={(next) => void navigate({ to: "/bot/canned-replies", search: next === "macros" ? { tab: next } : {} })}
    />
  );
  return tab === "macros" ? <MacrosPage tabs={tabs} /> : <CannedRepliesPage tabs={tabs} />;
}
