import type { Language } from "@yingda/antd";
import { count, decimal, duration, nothing, percent } from "../lib/format";
import type { Unit } from "./model";

/** A value as people read it; a dash if there is none. */
export function valueText(value: number | null | undefined, unit: Unit, language: Language): string {
  if (value === null || value === undefined) return nothing;
  const texts: Record<Unit, (value: number) => string> = {
    count: (value) => count(value, language),
    ms: (value) => duration(value, language),
    ratio: (value) => percent(value, language),
    mean: (value) => decimal(value, language, 2),
  };
  return texts[unit](value);
}
