import type { Bilingual, GoodsState, StaffPlan } from "@yingda/api/types";
import { parsePrice, parseWhole, priceText, type PriceFault } from "../goods/price";

/** For whom a plan is, as the hall translates it; another value is shown as it is. */
export const audiences = [
  "everyone",
  "households",
  "full-time students",
  "age 60 and over",
  "frequent travellers",
  "companies, 5 lines or more",
] as const;

/** The whole numbers of a plan: their names in the form and on the wire, and the highest. */
export const numbers = [
  { name: "data_gb", group: "home", most: 1_000_000 },
  { name: "voice_min", group: "home", most: 1_000_000 },
  { name: "sms", group: "home", most: 1_000_000 },
  { name: "broadband_mbps", group: "home", most: 1_000_000 },
  { name: "roaming.data_gb", group: "abroad", most: 1_000_000 },
  { name: "roaming.voice_min", group: "abroad", most: 1_000_000 },
  { name: "roaming.destinations", group: "abroad", most: 300 },
  { name: "contract_months", group: "terms", most: 120 },
  { name: "supplementary_cards.max", group: "terms", most: 20 },
  { name: "supplementary_cards.free", group: "terms", most: 20 },
] as const;
export type NumberName = (typeof numbers)[number]["name"];

/** What a user enters: numbers as they are typed. */
export interface Fields extends Record<NumberName, string> {
  name: Bilingual;
  fee: string;
  audience: string;
  notes: Bilingual;
  state: GoodsState;
}

const both = (text?: Bilingual) => ({ zh: text?.zh ?? "", en: text?.en ?? "" });

export const fieldsOf = (plan: StaffPlan | null): Fields => ({
  name: both(plan?.name),
  fee: plan ? priceText(plan.monthly_fee_fen) : "",
  audience: plan?.audience ?? "everyone",
  notes: both(plan?.notes),
  state: plan?.state ?? "draft",
  data_gb: String(plan?.data_gb ?? 0),
  voice_min: String(plan?.voice_min ?? 0),
  sms: String(plan?.sms ?? 0),
  broadband_mbps: String(plan?.broadband_mbps ?? 0),
  "roaming.data_gb": String(plan?.roaming.data_gb ?? 0),
  "roaming.voice_min": String(plan?.roaming.voice_min ?? 0),
  "roaming.destinations": String(plan?.roaming.destinations ?? 0),
  contract_months: String(plan?.contract_months ?? 0),
  "supplementary_cards.max": String(plan?.supplementary_cards.max ?? 0),
  "supplementary_cards.free": String(plan?.supplementary_cards.free ?? 0),
});

/** The request body; only for fields without faults. */
export function bodyOf(fields: Fields, currency: string) {
  const fee = parsePrice(fields.fee, currency);
  const whole = (name: NumberName) => parseWhole(fields[name], 1_000_000) ?? 0;
  return {
    name: { zh: fields.name.zh.trim(), en: fields.name.en.trim() },
    monthly_fee_fen: typeof fee === "number" ? fee : 0,
    data_gb: whole("data_gb"),
    voice_min: whole("voice_min"),
    sms: whole("sms"),
    broadband_mbps: whole("broadband_mbps"),
    roaming: {
      data_gb: whole("roaming.data_gb"),
      voice_min: whole("roaming.voice_min"),
      destinations: whole("roaming.destinations"),
    },
    contract_months: whole("contract_months"),
    supplementary_cards: { max: whole("supplementary_cards.max"), free: whole("supplementary_cards.free") },
    audience: fields.audience,
    notes: { zh: fields.notes.zh.trim(), en: fields.notes.en.trim() },
    state: fields.state,
  };
}

/** Why a fee is none; null if it is one. */
export const feeFault = (fields: Fields, currency: string): PriceFault | null => {
  const fee = parsePrice(fields.fee, currency);
  return typeof fee === "string" ? fee : null;
};

/** The numbers that the server would refuse, with the highest allowed. */
export const numberFaults = (fields: Fields) =>
  numbers.filter(({ name, most }) => parseWhole(fields[name], most) === null);
