import type { StaffCategories } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import type { Line } from "../lib/conflict";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import type { Fields } from "./fields";
import { parsePrice, priceText } from "./price";

/** A product as lines that can be compared. */
export function useLines(categories: StaffCategories | undefined): (fields: Fields) => Line[] {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const price = (raw: string) => {
    const fen = parsePrice(raw);
    return typeof fen === "number" ? priceText(fen) : raw;
  };
  const sheet = (fields: Fields) =>
    fields.attributes
      .map((line) => `${say(line.label, language)}: ${say(line.value, language)} ${line.unit}`.trim())
      .join("\n");
  return (fields) => [
    { label: t("field.name_zh"), value: fields.name.zh, lang: "zh-CN", named: true },
    { label: t("field.name_en"), value: fields.name.en, lang: "en", named: true },
    {
      label: t("field.category"),
      value: say(categories?.items.find((one) => one.id === fields.category)?.name, language) || fields.category,
    },
    { label: t("field.price"), value: price(fields.price) },
    { label: t("field.stock"), value: fields.stock },
    { label: t("field.state"), value: t(`state.${fields.state}`) },
    { label: t("field.tags"), value: fields.tags.join(" ") },
    {
      label: t("field.picture"),
      value: fields.picture ? t("picture.own", { id: fields.picture.slice(-6) }) : t("drawing"),
    },
    { label: t("field.points_zh"), value: fields.points.zh, lang: "zh-CN" },
    { label: t("field.points_en"), value: fields.points.en, lang: "en" },
    { label: t("field.description_zh"), value: fields.description.zh, lang: "zh-CN" },
    { label: t("field.description_en"), value: fields.description.en, lang: "en" },
    { label: t("field.properties"), value: sheet(fields) },
  ];
}
