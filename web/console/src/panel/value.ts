import type { Language } from "@yingda/antd";
import { count, duration, percent } from "../lib/format";
import type { Unit } from "./model";

/** A value as people read it; a dash if there is none. */
export const valueText = (value: number | null | undefined, unit: Unit, language: Language): string =>
  unit === "ms" ? duration(value, language) : unit === "ratio" ? percent(value, language) : count(value, language);
