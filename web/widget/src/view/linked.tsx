import { cutAtLinks } from "@yingda/api/links";
import { h, type Child } from "../dom";

/** A text with its web addresses as links. */
export const linked = (text: string): Child =>
  cutAtLinks(text).map((part, i) =>
    i % 2 ? (
      <a href={part} target="_blank" rel="noopener">
        {part}
      </a>
    ) : (
      part
    ),
  );
