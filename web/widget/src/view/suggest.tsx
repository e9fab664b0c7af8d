import { around } from "@yingda/api/around";
import type { Suggestion } from "@yingda/api/types";
import { search } from "@yingda/tokens/icons.ts";
import { h } from "../dom";
import "./sheet";
import { t } from "../text";
import { ui } from "../ui";
import { Icon, Sep } from "./parts";

export { Emoji } from "./emoji";

/** Highlights the part that was typed. */
function marked(text: string) {
  const [before, part, after] = around(text, ui.draft);
  return (
    <span dir="auto">
      {before}
      {part && <mark>{part}</mark>}
      {after}
    </span>
  );
}

/** Questions similar to what is being written. */
export const Suggestions = ({ list, choose }: { list: readonly Suggestion[]; choose(): void }) => (
  <div class="sugg">
    <div class="meta">
      {t("chat.suggest")}
      <Sep />
      {t("suggest.key")}
    </div>
    <div role="listbox" id="sugg" aria-label={t("chat.suggest")}>
      {list.map((s, i) => (
        <button
          role="option"
          id={`s${i}`}
          tabIndex={-1}
          aria-selected={i === ui.chosen}
          onClick={() => {
            ui.chosen = i;
            choose();
          }}
        >
          <Icon d={search} />
          {marked(s.text)}
        </button>
      ))}
    </div>
  </div>
);
