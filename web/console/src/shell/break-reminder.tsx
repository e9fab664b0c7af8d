import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { spanInWords } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { isDue, keepStretch, readStretch, stretchAt } from "../live/break";
import { useLive } from "../live/context";
import { useChangeState } from "../live/change-state";

/** Suggests a break once after so many minutes of work without one. */
export function BreakReminder({ after }: { after: number }) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const me = useMe();
  const live = useLive();
  const { mutate } = useChangeState();
  const now = useNow(10_000);
  useEffect(() => {
    const stretch = stretchAt(readStretch(me.agent), me, now);
    const tells = stretch !== null && isDue(stretch, after, live.lists.get()?.mine.values() ?? [], now);
    keepStretch(me.agent, stretch && { ...stretch, told: stretch.told || tells });
    if (tells)
      toast(
        t("break.due", { span: spanInWords(Math.floor((now - stretch.since) / 60_000) * 60_000, language) }),
        "plain",
        {
          word: t("break.go"),
          run: () => mutate({ state: "break" }),
        },
      );
  }, [now, me, live, after, t, language, mutate]);
  return null;
}
