import type { Language } from "@yingda/antd";
import { count } from "../lib/format";

/** The server counts up to this number; one more stands for "more". */
const most = 1000;

/** A number of deliveries; "1,000+" if there are more than are counted. */
export const counted = (n: number, language: Language) => (n > most ? `${count(most, language)}+` : count(n, language));
