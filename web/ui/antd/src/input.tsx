import { Input as Plain } from "antd";
import { fitted } from "@yingda/api/graphemes";
import { useEffect, useRef, type ComponentProps } from "react";

/**
 * The longest text that fits, counted as the server counts it: in code points, however many units of the browser's an emoji has. Of what is put in, so much is
 * taken as there is room for.
 */
function useLimit(value: unknown, maxLength: number | undefined) {
  const shown = typeof value === "string" ? value : "";
  const lengthOf = (text: string) => [...text].length;
  // What an input method is composing may be longer: then the text before it counts.
  const fitting = useRef(shown);
  useEffect(() => {
    if (maxLength === undefined || lengthOf(shown) <= maxLength) fitting.current = shown;
  });
  if (maxLength === undefined) return {};
  const exceedFormatter = (text: string) => fitted(fitting.current, text, maxLength);
  return { count: { max: maxLength, strategy: lengthOf, exceedFormatter } };
}

const Line = ({ maxLength, ...props }: ComponentProps<typeof Plain>) => (
  <Plain dir="auto" {...props} {...useLimit(props.value, maxLength)} />
);
const TextArea = ({ maxLength, ...props }: ComponentProps<typeof Plain.TextArea>) => (
  <Plain.TextArea dir="auto" {...props} {...useLimit(props.value, maxLength)} />
);

/** A field whose text runs in the direction of what is typed, and is as long at most as `maxLength` says. */
export const Input = Object.assign(Line, { TextArea, Password: Plain.Password });
