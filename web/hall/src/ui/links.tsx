import { cutAtLinks } from "@yingda/api/links";
import type { ComponentChildren } from "preact";

/** Text that people wrote, with its web addresses turned into links. */
export const withLinks = (text: string): ComponentChildren =>
  cutAtLinks(text).map((part, at) =>
    at % 2 ? (
      <a key={at} class="said-link" href={part} target="_blank" rel="noopener noreferrer nofollow">
        {part}
      </a>
    ) : (
      part
    ),
  );
