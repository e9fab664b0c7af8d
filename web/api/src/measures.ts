import type { Goods } from "./types";

/** What pages say about the data sheet of a product. */

type Attribute = Goods["attributes"][number];

/** How many questions are offered about a product. */
const QUESTIONS = 3;

/** True for a value that is a single number with a unit: something one can ask "how much" about. */
export const isMeasure = ({ value, unit }: Attribute): boolean => /^\d+(\.\d+)?$/.test(value.zh) && unit !== "";

/** The attributes that are worth a question: the last measures, because the first ones are usually in the tagline. */
export const askable = (attributes: readonly Attribute[]): Attribute[] =>
  attributes.filter(isMeasure).slice(-QUESTIONS);
