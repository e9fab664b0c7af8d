import type { Problem } from "@yingda/api/client";
import type { GoodsState, StaffCategories, StaffGoods } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import type { Line } from "../lib/conflict";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { mostStock, parsePrice, parseWhole, priceText } from "./price";

export interface Property {
  key: string;
  label: { zh: string; en: string };
  value: { zh: string; en: string };
  unit: string;
}

/** What a user enters: numbers as typed, selling points one per line. */
export interface Fields {
  category: string;
  name: { zh: string; en: string };
  price: string;
  stock: string;
  state: GoodsState;
  tags: string[];
  illustration: string;
  picture: string | null;
  attributes: Property[];
  points: { zh: string; en: string };
  description: { zh: string; en: string };
  reason: string;
}

/** The fields that are one short text each, as the form shows them after the category. */
export const inputs = [
  { name: "price", mode: "decimal", longest: 24, hint: null, change: (price: string) => ({ price }) },
  {
    name: "stock",
    mode: "numeric",
    longest: 12,
    hint: "hint.stock",
    change: (stock: string) => ({ stock }),
  },
] as const;

/** The fields that show their error. */
export const fieldNames = [
  "category",
  "name",
  "price",
  "stock",
  "attributes",
  "points",
  "description",
  "picture",
  "reason",
] as const;
type FieldName = (typeof fieldNames)[number];
type Fault =
  | "name_missing"
  | "category_missing"
  | "price_missing"
  | "price_not_a_number"
  | "price_decimals"
  | "price_negative"
  | "price_too_high"
  | "stock_rule"
  | "property_rule";
type Faults = Partial<Record<FieldName, Fault>>;

export const emptyFields: Fields = {
  category: "",
  name: { zh: "", en: "" },
  price: "",
  stock: "0",
  state: "draft",
  tags: [],
  illustration: "",
  picture: null,
  attributes: [],
  points: { zh: "", en: "" },
  description: { zh: "", en: "" },
  reason: "",
};

const both = (text: { zh?: string; en?: string }) => ({ zh: text.zh ?? "", en: text.en ?? "" });

export const fieldsOf = (goods: StaffGoods): Fields => ({
  category: goods.category,
  name: both(goods.name),
  price: priceText(goods.price_fen),
  stock: String(goods.stock),
  state: goods.state,
  tags: [...goods.tags],
  illustration: goods.illustration,
  picture: goods.picture ?? null,
  attributes: goods.attributes.map((line) => ({
    key: line.key,
    label: both(line.label),
    value: both(line.value),
    unit: line.unit,
  })),
  points: { zh: goods.selling_points.zh.join("\n"), en: goods.selling_points.en.join("\n") },
  description: both(goods.description),
  reason: "",
});

const says = (text: { zh: string; en: string }) => text.zh.trim() !== "" || text.en.trim() !== "";
/** An empty line is not sent. */
const isBlank = (line: Property) => !says(line.label) && !says(line.value) && line.unit.trim() === "";

/** What the server would refuse, reported before it is asked. */
export function faultsOf(fields: Fields, currency: string): Faults {
  const faults: Faults = {};
  if (!says(fields.name)) faults.name = "name_missing";
  if (fields.category === "") faults.category = "category_missing";
  const price = parsePrice(fields.price, currency);
  if (typeof price === "string") faults.price = `price_${price}`;
  if (parseWhole(fields.stock, mostStock) === null) faults.stock = "stock_rule";
  if (fields.attributes.some((line) => !isBlank(line) && (!says(line.label) || !says(line.value))))
    faults.attributes = "property_rule";
  return faults;
}

const lines = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** The request body; only for fields without faults. */
export function bodyOf(fields: Fields, currency: string) {
  const price = parsePrice(fields.price, currency);
  return {
    category: fields.category,
    name: { zh: fields.name.zh.trim(), en: fields.name.en.trim() },
    price_fen: typeof price === "number" ? price : 0,
    stock: parseWhole(fields.stock, mostStock) ?? 0,
    state: fields.state,
    tags: fields.tags,
    picture: fields.picture,
    attributes: fields.attributes.filter((line) => !isBlank(line)),
    selling_points: { zh: lines(fields.points.zh), en: lines(fields.points.en) },
    description: fields.description,
    ...(fields.illustration === "" ? {} : { illustration: fields.illustration }),
  };
}

/** The form's field that a refusal is about. */
export function fieldOf({ code, field }: Problem): FieldName | undefined {
  if (code === "picture_unknown") return "picture";
  const first = field?.split(".")[0];
  if (first === "price_fen") return "price";
  if (first === "selling_points") return "points";
  return fieldNames.find((name) => name === first);
}

/** A product as lines that can be compared. */
export function useLines(categories: StaffCategories | undefined): (fields: Fields) => Line[] {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const { currency } = useMe();
  const price = (raw: string) => {
    const fen = parsePrice(raw, currency);
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
