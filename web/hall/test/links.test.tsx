import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import { linked } from "../../api/test/links.table";
import { withLinks } from "../src/ui/links";

afterEach(() => render(null, document.body));

describe("what was said", () => {
  it.each(linked)("has the links of %j", async (words, ...links) => {
    await act(() => render(<p>{withLinks(words)}</p>, document.body));
    expect([...document.querySelectorAll("a")].map((a) => a.getAttribute("href"))).toEqual(links);
    expect(document.body.textContent).toBe(words);
  });
});
