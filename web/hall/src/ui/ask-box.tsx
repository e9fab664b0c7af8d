import { maxLengthOf } from "@yingda/api/graphemes";
import { pressed } from "@yingda/api/keys";
import type { Suggestion } from "@yingda/api/types";
import { search, send } from "@yingda/tokens/icons";
import type { JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { suggestions } from "../api";
import { useHallContext } from "../context";
import { around } from "../format";
import { Icon } from "./icon";

interface Props {
  label: string;
  placeholder: string;
  button: string;
  onAsk(text: string): void;
}

const pause = 120;

/** Questions similar to what was typed, from the second character on, while the field is being edited. */
function useSuggestions(text: string, wanted: boolean): Suggestion[] {
  const { site, prefs } = useHallContext();
  const [found, setFound] = useState<Suggestion[]>([]);
  useEffect(() => {
    const q = text.trim();
    if (!wanted || site === null || [...q].length < 2) {
      setFound([]);
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      suggestions(site, q, prefs.lang, stop.signal).then(setFound, () => {
        if (!stop.signal.aborted) setFound([]);
      });
    }, pause);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text, wanted, site, prefs.lang]);
  return found;
}

/** The only question field: Enter sends what was typed, arrows choose a suggestion, an input method's Enter only ends its composition. */
export function AskBox({ label, placeholder, button, onAsk }: Props): JSX.Element {
  const { words } = useHallContext();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [writing, setWriting] = useState(false);
  const [active, setActive] = useState(-1);
  const items = useSuggestions(text, writing);
  const open = writing && items.length > 0;
  // Together with the list, not after it: an arrow key pressed right away would be undone again.
  useLayoutEffect(() => setActive(-1), [items]);

  const ask = (question: string): void => {
    setWriting(false);
    setText("");
    onAsk(question.trim());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const key = pressed(event);
    if (key === "Escape" && open) {
      event.preventDefault();
      setWriting(false);
    } else if (open && (key === "ArrowDown" || key === "ArrowUp")) {
      event.preventDefault();
      const step = key === "ArrowDown" ? 1 : -1;
      const size = items.length + 1;
      setActive((now) => ((now + 1 + step + size) % size) - 1);
    } else if (open && key === "Enter" && items[active]) {
      event.preventDefault();
      ask(items[active].text);
    }
  };

  return (
    <form
      class="ask"
      onSubmit={(event) => {
        event.preventDefault();
        ask(text);
      }}
    >
      <div class="ask-field">
        <input
          ref={input}
          id={id}
          class="ask-input"
          type="text"
          dir="auto"
          role="combobox"
          aria-label={label}
          aria-autocomplete="list"
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-activedescendant={open && active >= 0 ? `${id}-${active}` : undefined}
          autocomplete="off"
          enterkeyhint="send"
          maxLength={maxLengthOf(text, 500)}
          placeholder={placeholder}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setWriting(true);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setWriting(false)}
        />
        <button class="btn primary" type="submit" aria-label={button}>
          <Icon d={send} />
          <span class="ask-word">{button}</span>
        </button>
      </div>
      <ul class="ask-list" role="listbox" id={`${id}-list`} aria-label={words.t("search.suggestions")} hidden={!open}>
        {items.map((item, index) => {
          const [before, match, after] = around(item.text, text);
          return (
            <li
              key={item.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              onMouseDown={(event) => event.preventDefault()}
              onMouseEnter={() => setActive(index)}
              onClick={() => ask(item.text)}
            >
              <Icon d={search} />
              <span dir="auto">
                {before}
                {match === "" ? null : <mark>{match}</mark>}
                {after}
              </span>
            </li>
          );
        })}
      </ul>
      <p class="sr" role="status">
        {open ? words.t("search.suggestion_count", { n: items.length }) : ""}
      </p>
    </form>
  );
}
