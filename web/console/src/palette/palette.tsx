import { Button, Dialog } from "@yingda/antd";
import { useQueries } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useId, useMemo, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "../lib/icon";
import { usePrefs } from "../lib/prefs";
import { useFailureText } from "../lib/problem";
import { useMe } from "../lib/session";
import { areaAt, mayOpen, pages } from "../shell/areas";
import { useActs } from "./acts";
import type { Found, Search } from "../shell/found";
import { matching } from "./match";
import { keepPicked, readPicked, type Picked } from "./recent";
import { searches } from "./searches";
import "./palette.css";

interface Item {
  id: string;
  icon: IconName;
  title: string;
  note: string;
  also: string;
  /** What is kept of it among the last picks. */
  picked: Picked;
  run(): void;
}
interface Group {
  id: string;
  items: readonly Item[];
}

/** How long to wait after the last letter before the server is asked, in milliseconds. */
const pause = 200;
/** How many results of a search are shown. */
const shownOfEach = 5;

function usePaused(words: string) {
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(words), pause);
    return () => clearTimeout(timer);
  }, [words]);
  return words === "" ? "" : asked;
}

/** Everything that can be picked without asking the server: the pages and actions that are open to this member. */
function useOwn(onDialog: PaletteProps["onDialog"]) {
  const { t } = useTranslation("areas");
  const me = useMe();
  const navigate = useNavigate();
  const acts = useActs(onDialog);
  const ownPages: Item[] = pages
    .filter((page) => mayOpen(me, page))
    .map((page) => {
      const area = areaAt(page.to);
      const title = t(`page.${page.id}`);
      const within = area && t(`area.${area.id}`);
      const id = `page:${page.id}`;
      return {
        id,
        icon: page.icon,
        title,
        note: within && within !== title ? within : "",
        also: `${page.also} ${within ?? ""}`,
        picked: { id },
        run: () => void navigate({ to: page.to, search: {} }),
      };
    });
  const ownActs: Item[] = acts.map(({ id: act, ...rest }) => {
    const id = `act:${act}`;
    return { ...rest, id, note: "", picked: { id } };
  });
  return { ownPages, ownActs };
}

interface BoxProps {
  onClose(): void;
  onDialog(name: "settings" | "keys"): void;
}

function Box({ onClose, onDialog }: BoxProps) {
  const { t } = useTranslation("palette");
  const { t: shell } = useTranslation("shell");
  const me = useMe();
  const { language } = usePrefs();
  const text = useFailureText();
  const navigate = useNavigate();
  const boxId = useId();
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  /** Enter was pressed before the searches had answered. */
  const [entered, setEntered] = useState(false);
  const wanted = words.trim();
  const asked = usePaused(wanted);
  const { ownPages, ownActs } = useOwn(onDialog);
  const open = searches.filter(({ needs }) => needs === null || me.permissions.includes(needs));
  const results = useQueries({
    queries: open.map((search) => ({
      queryKey: ["palette", search.id, asked, language],
      queryFn: ({ signal }: { signal: AbortSignal }) => search.find(asked, { language, signal }),
      enabled: asked !== "",
      retry: false,
      staleTime: 0,
    })),
  });
  const itemOf = (search: Search, found: Found): Item => {
    const id = `${search.id}:${found.id}`;
    return {
      id,
      icon: search.icon,
      title: found.title,
      note: found.note,
      also: "",
      picked: { id, search: search.id, found },
      run: () => void navigate({ to: found.at.to, search: found.at.search as Record<string, never> }),
    };
  };
  const last = useMemo(() => readPicked(me), [me]);
  const picked = last.flatMap(({ id, search: by, found }) => {
    const search = open.find((one) => one.id === by);
    return search && found ? [itemOf(search, found)] : [...ownPages, ...ownActs].filter((one) => one.id === id);
  });
  const groups: Group[] = (
    wanted === ""
      ? [
          { id: "last", items: picked },
          { id: "pages", items: ownPages.filter(({ id }) => !picked.some((one) => one.id === id)) },
        ]
      : [
          ...[
            { id: "pages", ...matching(wanted, ownPages) },
            { id: "acts", ...matching(wanted, ownActs) },
          ].sort((a, b) => a.best - b.best),
          ...open.map((search, index) => ({
            id: search.id,
            // Until these words have been asked for, the results are those of other words.
            items: (asked === wanted ? (results[index]?.data ?? []) : [])
              .slice(0, shownOfEach)
              .map((found) => itemOf(search, found)),
          })),
        ]
  ).filter(({ items }) => items.length > 0);
  const items = groups.flatMap((group) => group.items);
  const at = Math.max(
    0,
    items.findIndex(({ id }) => id === chosen),
  );
  const active = items[at];
  const failed = wanted === "" ? [] : open.filter((_, index) => results[index]?.isError);
  const failure = results.find(({ isError }) => isError);
  const searching = wanted !== "" && (asked !== wanted || results.some(({ isFetching }) => isFetching));
  // A search that answers later may put its results above: what Enter picks is known once all have answered, unless it was chosen or is one's own.
  const known = active && (!searching || chosen !== null || !active.picked.search) ? active : undefined;
  const idOf = (item: Item) => `${boxId}-${item.id}`;
  const activeId = active && idOf(active);
  useEffect(() => {
    if (activeId) document.getElementById(activeId)?.scrollIntoView?.({ block: "nearest" });
  }, [activeId]);

  const pick = (item: Item) => {
    keepPicked(me, item.picked);
    onClose();
    item.run();
  };
  useEffect(() => {
    if (!entered || searching) return;
    setEntered(false);
    if (active) pick(active);
  });
  const go = (to: number) => setChosen(items[(to + items.length) % items.length]?.id ?? null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      onClose();
      return;
    }
    if (event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    const act = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      // Until something was chosen, these two move within the words.
      ...(chosen !== null && { Home: () => go(0), End: () => go(items.length - 1) }),
      Enter: () => (known ? pick(known) : setEntered(searching)),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  const groupName = (id: string) => t(`group.${id}`);
  const list = new Intl.ListFormat(language, { type: "conjunction", style: "short" });
  const searched = list.format([groupName("pages"), groupName("acts"), ...open.map(({ id }) => groupName(id))]);

  return (
    <div className="palette">
      <div className="palette-field">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-expanded={items.length > 0}
          aria-controls={items.length > 0 ? `${boxId}-list` : undefined}
          aria-activedescendant={activeId}
          aria-autocomplete="list"
          aria-label={t("title")}
          aria-describedby={`${boxId}-what`}
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="go"
          maxLength={200}
          value={words}
          placeholder={t("placeholder")}
          onChange={(event) => {
            setWords(event.target.value);
            setChosen(null);
            setEntered(false);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <p id={`${boxId}-what`} className="palette-what s1 t3">
        {t("what", { list: searched })}
      </p>
      <div className="palette-results">
        {items.length > 0 && (
          <div id={`${boxId}-list`} role="listbox" aria-label={t("results")}>
            {groups.map((group) => (
              <div key={group.id} role="group" aria-labelledby={`${boxId}-${group.id}`}>
                <div id={`${boxId}-${group.id}`} className="palette-group" role="presentation">
                  {groupName(group.id)}
                </div>
                {group.items.map((item) => (
                  <div
                    key={item.id}
                    id={idOf(item)}
                    role="option"
                    aria-selected={item === active}
                    className="palette-item"
                    // The focus stays in the field.
                    onMouseDown={(event) => event.preventDefault()}
                    onMouseMove={() => setChosen(item.id)}
                    onClick={() => pick(item)}
                  >
                    <Icon name={item.icon} />
                    <span className="palette-title">{item.title}</span>
                    {item.note && <span className="palette-note">{item.note}</span>}
                  </div>
                ))}
              </div>
            ))}
          </div>
        )}
        <p role="status" className="palette-status">
          {searching
            ? t("searching")
            : items.length === 0 && failed.length === 0
              ? t("none", { words: wanted })
              : wanted !== "" && <span className="sr">{t("found", { count: items.length })}</span>}
        </p>
        {failure && failed.length > 0 && (
          <div className="notice hot palette-failed">
            <p role="alert" className="grow">
              {t("failed", { list: list.format(failed.map(({ id }) => groupName(id))), why: text(failure.error) })}
            </p>
            <Button
              size="small"
              onClick={() => {
                for (const result of results) if (result.isError) void result.refetch();
              }}
            >
              {shell("failure.again")}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

export interface PaletteProps extends BoxProps {
  open: boolean;
}

/** One field for all that one can open, do and find. */
export function Palette({ open, onClose, onDialog }: PaletteProps) {
  const { t } = useTranslation("palette");
  const { t: shell } = useTranslation("shell");
  return (
    <Dialog open={open} onClose={onClose} title={t("title")} closeLabel={shell("close")} width="40rem">
      <Box onClose={onClose} onDialog={onDialog} />
    </Dialog>
  );
}
