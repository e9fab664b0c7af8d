import { onVoices, readAloud, voiceFor } from "@yingda/api/speech";
import { sound } from "@yingda/tokens/icons";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useWords } from "../context";
import { Icon } from "./icon";

/** The text of a page, piece by piece, in document order. */
const pieces = "main :is(h1, h2, p, dt, dd, li:not(:has(p)))";

/** Reads the page aloud and shows the current piece. Only after a press; absent if the browser has no voice. */
export function ReadAloud(): JSX.Element | null {
  const { t, lang } = useWords();
  const [can, setCan] = useState(false);
  const [reading, setReading] = useState(false);
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => {
    const look = (): void => setCan(voiceFor(lang) !== undefined);
    look();
    const end = onVoices(look);
    return () => {
      stop.current?.();
      end();
    };
  }, [lang]);

  const read = (): void => {
    const elements = [...document.querySelectorAll<HTMLElement>(pieces)].filter(
      (element) => element.innerText.trim() !== "",
    );
    setReading(true);
    stop.current = readAloud(
      elements.map((element) => element.innerText),
      lang,
      (at) => {
        for (const element of elements) element.classList.remove("read-now");
        if (at === null) {
          stop.current = null;
          setReading(false);
          return;
        }
        elements[at]?.classList.add("read-now");
        elements[at]?.scrollIntoView({ block: "nearest" });
      },
    );
  };
  if (!can) return null;
  return (
    <button
      type="button"
      class="easy-read"
      aria-pressed={reading}
      onClick={() => (reading ? stop.current?.() : setTimeout(read))}
    >
      <Icon d={sound} />
      {reading ? t("easy.stop") : t("easy.read")}
    </button>
  );
}
