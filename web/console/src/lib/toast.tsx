import { pressed } from "@yingda/api/keys";
import { useCallback, useEffect } from "react";
import { serverNow, useClockText } from "./clock";
import { span } from "./format";
import { Icon } from "./icon";
import { Kbd } from "./kbd";
import { handleKey, isOnApple } from "./keys";
import { usePrefs } from "./prefs";
import { createStore, useStore } from "./store";

/** The action that a toast offers. */
export interface ToastAct {
  word: string;
  run(): void;
  /** Whether it undoes what the toast reports, so that Ctrl Z does it too. */
  undoes?: boolean;
}

interface Toast {
  id: number;
  text: string;
  tone: "plain" | "warn" | "hot";
  act: ToastAct | null;
}

const toasts = createStore<readonly Toast[]>([]);
let next = 1;

const lasts = { plain: 5000, hot: 10_000, undo: 8000 };
const timers = new Map<number, ReturnType<typeof setTimeout>>();
/** when each goes, by the clock of the page */
const ends = new Map<number, number>();
const drop = (id: number) => {
  clearTimeout(timers.get(id));
  timers.delete(id);
  ends.delete(id);
  toasts.set((list) => list.filter((item) => item.id !== id));
};
const lastsFrom = ({ id, tone, act }: Toast) => {
  clearTimeout(timers.get(id));
  const ms = tone === "hot" ? lasts.hot : act ? lasts.undo : lasts.plain;
  ends.set(id, serverNow() + ms);
  timers.set(
    id,
    setTimeout(() => drop(id), ms),
  );
};

/**
 * Reports what happened, above the page's footer and to screen readers. Errors, and toasts with an action, stay longer; a warning, which is about the next press,
 * goes with the next toast.
 */
export function toast(text: string, tone: Toast["tone"] = "plain", act: ToastAct | null = null) {
  const one: Toast = { id: next++, text, tone, act };
  toasts
    .get()
    .filter((other) => other.tone === "warn")
    .forEach(({ id }) => drop(id));
  toasts.set((list) => [...list.slice(-2), one]);
  lastsFrom(one);
}

/** Keyboard users may be on their way to the action a toast offers: the toast stays until its full time has passed since their last step. */
function useStay(list: readonly Toast[]) {
  const offered = list.some(({ act }) => act !== null);
  useEffect(() => {
    if (!offered) return;
    const onKey = (event: KeyboardEvent) => {
      if (pressed(event) === "Tab")
        toasts
          .get()
          .filter(({ act }) => act !== null)
          .forEach(lastsFrom);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [offered]);
}

const take = ({ id, act }: Toast) => {
  drop(id);
  act?.run();
};

/** Ctrl Z undoes what was reported last, until somebody types: from then on it belongs to the text. */
function useUndoKey(list: readonly Toast[]) {
  const last = list.findLast(({ act }) => act?.undoes);
  useEffect(() => {
    if (!last) return;
    let typed = false;
    const onInput = () => {
      typed = true;
    };
    const onKey = (event: KeyboardEvent) => {
      if (!typed) handleKey(event, { "Mod+z": () => take(last) }, false);
    };
    addEventListener("input", onInput);
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("input", onInput);
      removeEventListener("keydown", onKey);
    };
  }, [last]);
}

/** How long an action is still offered. It is not read out every second. */
function Left({ id }: { id: number }) {
  const { language } = usePrefs();
  const left = useClockText(
    useCallback(
      (now) => span(Math.min(Math.ceil(((ends.get(id) ?? 0) - now) / 1000) * 1000, lasts.undo), language),
      [id, language],
    ),
  );
  return (
    <span className="toast-left n" aria-hidden="true">
      {left}
    </span>
  );
}

function Act({ item, act }: { item: Toast; act: ToastAct }) {
  return (
    <>
      <button
        type="button"
        className="toast-act"
        aria-keyshortcuts={act.undoes ? (isOnApple() ? "Meta+Z" : "Control+Z") : undefined}
        onClick={() => take(item)}
      >
        {act.word}
      </button>
      {act.undoes && <Kbd keys={isOnApple() ? "⌘Z" : "Ctrl Z"} />}
      {item.tone !== "hot" && <Left id={item.id} />}
    </>
  );
}

const looks = { plain: "toast", warn: "toast toast-warn", hot: "toast toast-hot" };

/** Removes all toasts: what one person did is not for the next one to read or undo. */
export const clearToasts = () => toasts.get().forEach(({ id }) => drop(id));

export function Toasts() {
  const list = useStore(toasts);
  useStay(list);
  useUndoKey(list);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {list.map((item) => (
        <div key={item.id} className={looks[item.tone]}>
          <Icon name={item.tone === "plain" ? "check" : "alert"} />
          <span dir="auto">{item.text}</span>
          {item.act && <Act item={item} act={item.act} />}
        </div>
      ))}
    </div>
  );
}
