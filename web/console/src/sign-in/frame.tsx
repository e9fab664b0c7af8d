import { useQuery } from "@tanstack/react-query";
import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { Icon } from "../lib/icon";
import { choose, scales, usePrefs, useTheme } from "../lib/prefs";
import { useTitle } from "../lib/use-title";
import { noteUsable } from "../lib/response-times";
import { languages } from "../shell/languages";
import { Mark } from "../shell/mark";
import { AnswerLines } from "./answer-lines";
import "./sign-in.css";

async function health(signal: AbortSignal): Promise<boolean> {
  try {
    return (await fetch("/healthz", { signal, cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

function Legend({ kind }: { kind: "bot" | "queue" | "agent" }) {
  return (
    <svg viewBox="0 0 28 8" aria-hidden="true">
      <path className={`art-${kind}${kind === "bot" ? " art-dash" : ""}`} d="M2 4h25" />
    </svg>
  );
}

interface SignInFrameProps {
  title: string;
  /** Whether to say that accounts are by invitation. */
  invites?: boolean;
  children: ReactNode;
}

/** The page before sign-in: the decoration, the form, language, text size and theme, and the state of the service. */
export function SignInFrame({ title, invites = true, children }: SignInFrameProps) {
  const { t } = useTranslation("signin");
  useTitle(title);
  const prefs = usePrefs();
  const theme = useTheme(prefs.theme);
  const { data: up } = useQuery({
    queryKey: ["health"],
    queryFn: ({ signal }) => health(signal),
    refetchInterval: 15_000,
  });
  // Whoever signs in here waits for nobody but themselves.
  useEffect(() => noteUsable(false), []);
  const larger = scales[Math.min(scales.indexOf(prefs.scale) + 1, scales.length - 1)] ?? 100;
  return (
    <div className="signin">
      <section className="art" aria-label={t("art.label")}>
        <p className="art-name">
          <Mark />
          <span>{t("brand")}</span>
          <small>{t("console")}</small>
        </p>
        <AnswerLines />
        <p className="art-line">{t("art.line")}</p>
        <ul className="art-key">
          <li>
            <Legend kind="bot" />
            {t("art.bot")}
          </li>
          <li>
            <Legend kind="queue" />
            {t("art.queue")}
          </li>
          <li>
            <Legend kind="agent" />
            {t("art.agent")}
          </li>
          <li className="t3">{t("art.what")}</li>
        </ul>
      </section>
      <main className="signin-side">
        <p className="signin-name">
          <Mark />
          <span>{t("brand")}</span>
        </p>
        <div className="signin-form">{children}</div>
        <div className="signin-foot">
          <Choice
            label={t("language")}
            value={prefs.language}
            options={languages}
            onChange={(language) => choose({ language })}
          />
          <span className="grow" />
          <button
            type="button"
            className="ib"
            aria-pressed={prefs.scale === 100}
            aria-label={t("size.normal")}
            title={t("size.normal")}
            onClick={() => choose({ scale: 100 })}
          >
            <Icon name="text" />
          </button>
          <button
            type="button"
            className="ib signin-larger"
            aria-pressed={prefs.scale > 100}
            aria-label={t("size.larger")}
            title={t("size.larger")}
            onClick={() => choose({ scale: larger })}
          >
            <Icon name="text" />
          </button>
          <button
            type="button"
            className="ib"
            aria-label={theme === "dark" ? t("theme.light") : t("theme.dark")}
            title={theme === "dark" ? t("theme.light") : t("theme.dark")}
            onClick={() => choose({ theme: theme === "dark" ? "light" : "dark" })}
          >
            <Icon name={theme === "dark" ? "sun" : "moon"} />
          </button>
        </div>
        <div className="row s1 t3">
          {up === undefined ? (
            <span>{t("service.asking")}</span>
          ) : (
            <span className={up ? "live" : "live live-hot"}>{up ? t("service.up") : t("service.down")}</span>
          )}
          {invites && <span className="end">{t("by_invitation")}</span>}
        </div>
      </main>
    </div>
  );
}
