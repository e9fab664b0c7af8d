import type { Language } from "@yingda/antd";

/** Each language under its own name. */
export const languages: readonly { value: Language; word: string; lang: string }[] = [
  { value: "zh-CN", word: "简体中文", lang: "zh-CN" },
  { value: "en", word: "English", lang: "en" },
];
