import type { Problem } from "@yingda/api/client";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { spanInWords } from "../lib/format";
import { usePrefs } from "../lib/prefs";

/** Until when the server wants no further attempt; null once it takes one. */
export function useWait() {
  const [until, setUntil] = useState<number | null>(null);
  useEffect(() => {
    if (until === null) return;
    const timer = setTimeout(() => setUntil(null), Math.max(0, until - Date.now()));
    return () => clearTimeout(timer);
  }, [until]);
  return { until, begin: ({ retryAfter }: Problem) => setUntil(Date.now() + (retryAfter ?? 60) * 1000) };
}

/** The wait the server asks for, as a countdown in words. */
export function Wait({ until }: { until: number }) {
  const { t } = useTranslation("signin");
  const { language } = usePrefs();
  useNow(1000);
  return (
    <p className="notice warn" role="timer">
      {t("wait", { time: spanInWords(until - Date.now(), language) })}
    </p>
  );
}
