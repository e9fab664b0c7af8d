import { pressed } from "@yingda/api/keys";
import { close, sliders } from "@yingda/tokens/icons";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useHallContext } from "../context";
import { scales, themeChoices } from "../prefs";
import { Icon } from "./icon";

/** Theme and text size. Both take effect immediately and are stored. */
export function DisplayMenu(): JSX.Element {
  const { words, prefs, change } = useHallContext();
  const { t } = words;
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [open]);

  const shut = (): void => {
    setOpen(false);
    opener.current?.focus();
  };

  return (
    <div
      ref={box}
      class="display"
      onKeyDown={(event) => {
        if (pressed(event) === "Escape" && open) shut();
      }}
    >
      <button
        ref={opener}
        type="button"
        class="tool"
        aria-expanded={open}
        aria-controls="display-panel"
        aria-label={t("shell.display_label")}
        onClick={() => setOpen(!open)}
      >
        <Icon d={sliders} />
        <span class="tool-word">{t("shell.display")}</span>
      </button>
      <div id="display-panel" class="panel" hidden={!open}>
        <fieldset>
          <legend>{t("shell.theme")}</legend>
          <div class="choices">
            {themeChoices.map((choice) => (
              <label key={choice} class="choice">
                <input
                  type="radio"
                  name="theme"
                  checked={prefs.theme === choice}
                  onChange={() => change({ theme: choice })}
                />
                <span>{t(`shell.theme_${choice}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <fieldset>
          <legend>{t("shell.scale")}</legend>
          <div class="choices">
            {scales.map((step) => (
              <label key={step} class="choice">
                <input
                  type="radio"
                  name="scale"
                  checked={prefs.scale === step}
                  onChange={() => change({ scale: step })}
                />
                <span class="num">{t("shell.scale_value", { n: step })}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <button type="button" class="btn wide" onClick={shut}>
          <Icon d={close} />
          {t("shell.close")}
        </button>
      </div>
    </div>
  );
}
