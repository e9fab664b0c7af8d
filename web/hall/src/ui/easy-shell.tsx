import type { ComponentChildren, JSX } from "preact";
import { useAccount } from "../account";
import { useHallContext } from "../context";
import { easyScales, offersEasy } from "../prefs";
import { OperatorSign } from "./icon";

const [first, largest] = easyScales;

/** The button into easy mode, on every page and with its name in words. */
export function EasyButton(): JSX.Element {
  const { words, change } = useHallContext();
  return (
    <button
      type="button"
      class="tool easy-enter"
      aria-label={words.t("easy.mode_label")}
      onClick={() => change({ easy: first, offered: true })}
    >
      {words.t("easy.mode")}
    </button>
  );
}

/** The offer of easy mode, shown once to users who read large text anyway; either answer is stored. */
export function EasyOffer(): JSX.Element | null {
  const { words, prefs, change } = useHallContext();
  const { t } = words;
  if (!offersEasy(prefs)) return null;
  return (
    <aside class="wrap easy-offer" aria-label={t("easy.mode")}>
      <p>{t("easy.offer")}</p>
      <button type="button" class="btn primary" onClick={() => change({ easy: first, offered: true })}>
        {t("easy.offer_yes")}
      </button>
      <button type="button" class="btn" onClick={() => change({ offered: true })}>
        {t("easy.offer_no")}
      </button>
    </aside>
  );
}

/** The link to the account, in words. */
function EasyAccount(): JSX.Element {
  const { t } = useHallContext().words;
  const account = useAccount();
  return account ? (
    <a class="easy-account" href="/account">
      {t("shell.account")}
    </a>
  ) : (
    <a class="easy-account" href="/sign-in">
      {t("shell.sign_in")}
    </a>
  );
}

/** The frame of easy mode: no menus, no symbols without words, one press back. */
export function EasyShell({ children }: { children: ComponentChildren }): JSX.Element {
  const { words, prefs, change, name } = useHallContext();
  const { t } = words;
  const other = prefs.lang === "en" ? "zh-CN" : "en";
  const isLargest = prefs.easy === largest;
  return (
    <>
      <a class="skip" href="#main">
        {t("shell.skip")}
      </a>
      <div class="page easy">
        <header class="easy-top">
          <a class="easy-logo" href="/">
            <OperatorSign />
            <span class="easy-name">{name === "" ? "" : t("easy.hall", { name })}</span>
            <span class="easy-home">{name === "" ? t("easy.home") : name}</span>
          </a>
          <EasyAccount />
          <div class="easy-tools" role="group" aria-label={t("easy.tools")}>
            <button type="button" onClick={() => change({ easy: isLargest ? first : largest })}>
              {isLargest ? t("easy.smaller") : t("easy.bigger")}
            </button>
            <button
              type="button"
              lang={other}
              aria-label={t("shell.switch_lang_label")}
              onClick={() => change({ lang: other })}
            >
              {t("shell.switch_lang")}
            </button>
            <button type="button" onClick={() => change({ easy: null })}>
              {t("easy.standard")}
            </button>
          </div>
        </header>
        <main id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
    </>
  );
}
