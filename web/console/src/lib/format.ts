import type { Language } from "@yingda/antd";

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>();
function cached<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  key: string,
  make: () => T,
): T {
  const known = cache.get(key);
  if (known) return known as T;
  const made = make();
  cache.set(key, made);
  return made;
}

/** The formatter of a kind of number, with the minus sign of print where the language's own is a hyphen. */
export function numberOf(
  key: string,
  language: Language,
  options?: Intl.NumberFormatOptions,
): (value: number) => string {
  const format = cached(`${key}${language}`, () => new Intl.NumberFormat(language, options));
  return (value) => format.format(value).replace("-", minus);
}

/** The sign of numbers below zero: as wide as a plus, and never at the end of a line. */
export const minus = "\u2212";

/** A missing number is a dash, never a zero. */
export const nothing = "–";

export function count(value: number | null | undefined, language: Language): string {
  if (value === null || value === undefined) return nothing;
  return numberOf("n", language)(value);
}

/** A difference with its sign: "+103", "−7". */
export function signed(value: number, language: Language): string {
  return numberOf("±", language, { signDisplay: "exceptZero" })(value);
}

/** A share. One that is not quite all or nothing never reads as if it were: ">99.9%", "<0.1%". */
export function percent(ratio: number | null | undefined, language: Language, digits = 1): string {
  if (ratio === null || ratio === undefined) return nothing;
  const number = numberOf(`p${digits}`, language, { style: "percent", maximumFractionDigits: digits });
  const step = 0.01 / 10 ** digits;
  if (ratio < 1 && ratio >= 1 - step / 2) return `>${number(1 - step)}`;
  if (ratio > 0 && ratio < step / 2) return `<${number(step)}`;
  return number(ratio);
}

/** By how much something grew or shrank, to whole percents. */
export function change(ratio: number, language: Language): string {
  return numberOf("p0", language, { style: "percent", maximumFractionDigits: 0 })(ratio);
}

export function decimal(value: number, language: Language, digits = 1): string {
  return numberOf(`d${digits}`, language, { minimumFractionDigits: digits, maximumFractionDigits: digits })(value);
}

/** `m:ss` below an hour, `h:mm:ss` above. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${two(minutes)}:${two(seconds % 60)}`;
}

/** A duration in one unit, short: "24 s", "3 min", "2 h". */
export function span(ms: number, language: Language): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [value, unit] =
    seconds < 60
      ? [seconds, "second"]
      : seconds < 3600
        ? [Math.floor(seconds / 60), "minute"]
        : seconds < 86_400
          ? [Math.floor(seconds / 3600), "hour"]
          : [Math.floor(seconds / 86_400), "day"];
  return cached(
    `s${language}${unit}`,
    () => new Intl.NumberFormat(language, { style: "unit", unit: unit as string, unitDisplay: "short" }),
  ).format(value as number);
}

const units = {
  en: { d: "d", h: "h", min: "min", alone: "min", s: "s" },
  "zh-CN": { d: "天", h: "小时", min: "分", alone: "分钟", s: "秒" },
} as const;

/** A duration in its two largest units: "0.4 s", "42 s", "3 min 20 s", "1 h 05 min", "2 d 04 h". */
export function duration(ms: number | null | undefined, language: Language): string {
  if (ms === null || ms === undefined) return nothing;
  const { d, h, min, alone, s } = units[language];
  const two = (large: number, unit: string, small: number, rest: string) =>
    `${count(large, language)} ${unit} ${String(small).padStart(2, "0")} ${rest}`;
  const tenths = Math.round(Math.max(0, ms) / 100);
  if (tenths < 100) return `${count(tenths / 10, language)} ${s}`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} ${s}`;
  if (seconds < 3600)
    return seconds % 60 ? two(Math.floor(seconds / 60), min, seconds % 60, s) : `${seconds / 60} ${alone}`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60)
    return minutes % 60 ? two(Math.floor(minutes / 60), h, minutes % 60, min) : `${minutes / 60} ${h}`;
  const hours = Math.round(minutes / 60);
  return hours % 24 ? two(Math.floor(hours / 24), d, hours % 24, h) : `${count(hours / 24, language)} ${d}`;
}

/** A duration in words: "3 minutes". */
export function spanInWords(ms: number, language: Language): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  const [value, unit] = seconds < 90 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
  return cached(
    `w${language}${unit}`,
    () => new Intl.NumberFormat(language, { style: "unit", unit: unit as string, unitDisplay: "long" }),
  ).format(value as number);
}

const parts = (zone: string, options: Intl.DateTimeFormatOptions, name: string) =>
  cached(`t${zone}${name}`, () => new Intl.DateTimeFormat("sv-SE", { timeZone: zone, hourCycle: "h23", ...options }));

export const hourMinute = (at: number, zone: string) =>
  parts(zone, { hour: "2-digit", minute: "2-digit" }, "hm").format(at);
export const hourMinuteSecond = (at: number, zone: string) =>
  parts(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }, "hms").format(at);
/** The calendar day in a time zone, as 2026-11-20. */
export const dayOf = (at: number, zone: string) =>
  parts(zone, { year: "numeric", month: "2-digit", day: "2-digit" }, "d").format(at);

export function dayInWords(at: number, zone: string, language: Language): string {
  return cached(
    `D${zone}${language}`,
    () => new Intl.DateTimeFormat(language, { timeZone: zone, month: "long", day: "numeric", weekday: "short" }),
  ).format(at);
}

export const dayAndTime = (at: number, zone: string) => `${dayOf(at, zone)} ${hourMinute(at, zone)}`;

/** How long ago something was; a time that a slow clock puts in the future counts as now. */
export function ago(at: number, now: number, language: Language): string {
  const seconds = Math.min(0, Math.round((at - now) / 1000));
  const size = Math.abs(seconds);
  const [value, unit]: [number, Intl.RelativeTimeFormatUnit] =
    size < 60
      ? [seconds, "second"]
      : size < 3600
        ? [Math.round(seconds / 60), "minute"]
        : size < 86_400
          ? [Math.round(seconds / 3600), "hour"]
          : [Math.round(seconds / 86_400), "day"];
  return cached(`r${language}`, () => new Intl.RelativeTimeFormat(language, { numeric: "auto" })).format(value, unit);
}
