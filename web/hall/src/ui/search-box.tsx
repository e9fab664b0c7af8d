import { maxLengthOf } from "@yingda/api/graphemes";
import { search } from "@yingda/tokens/icons";
import type { JSX } from "preact";
import { useId, useLayoutEffect, useState } from "preact/hooks";
import { useWords } from "../context";
import { go } from "../router";
import { Icon } from "./icon";

/** Search over the goods; the result has its own address. */
export function SearchBox({ value }: { value: string }): JSX.Element {
  const { t } = useWords();
  const id = useId();
  const [text, setText] = useState(value);
  // Together with the page, not after it: text typed right away would be removed again.
  useLayoutEffect(() => setText(value), [value]);
  return (
    <form
      class="find"
      role="search"
      action="/search"
      onSubmit={(event) => {
        event.preventDefault();
        const q = text.trim();
        if (q !== "") go(`/search?q=${encodeURIComponent(q)}`);
      }}
    >
      <label class="sr" for={id}>
        {t("search.label")}
      </label>
      <Icon d={search} />
      <input
        id={id}
        name="q"
        type="search"
        dir="auto"
        autocomplete="off"
        enterkeyhint="search"
        maxLength={maxLengthOf(text, 200)}
        placeholder={t("search.placeholder")}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button class="btn" type="submit">
        {t("search.submit")}
      </button>
    </form>
  );
}
