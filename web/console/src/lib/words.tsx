import { cutAtLinks } from "@yingda/api/links";
import { Fragment, type ReactNode } from "react";

/** Plain text with its web addresses turned into links. */
export function withLinks(text: string): ReactNode {
  const parts = cutAtLinks(text);
  if (parts.length === 1) return text;
  return parts.map((part, index) => (
    <Fragment key={index}>
      {index % 2 ? (
        <a className="in-words" href={part} target="_blank" rel="noopener noreferrer nofollow">
          {part}
        </a>
      ) : (
        part
      )}
    </Fragment>
  ));
}

/** The language a text is written in, as far as its script tells. */
export const langOf = (text: string): "zh-CN" | "en" | undefined =>
  /\p{Script=Han}/u.test(text) ? "zh-CN" : /[a-z]{2}/i.test(text) ? "en" : undefined;
