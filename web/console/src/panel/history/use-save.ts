import { useState } from "react";
import { download } from "../../lib/download";
import { usePrefs } from "../../lib/prefs";
import { useProblemText } from "../../lib/problem";
import { toast } from "../../lib/toast";
import { metricsCsv, type metricsQuery } from "../queries";

/** Saves all numbers of the page as a file of this name. */
export function useSave(asked: ReturnType<typeof metricsQuery>, name: string) {
  const { language } = usePrefs();
  const text = useProblemText();
  const [saving, setSaving] = useState(false);
  const save = async () => {
    setSaving(true);
    try {
      download(name, new Blob([await metricsCsv(asked, language)], { type: "text/csv;charset=utf-8" }));
    } catch (error) {
      toast(text(error), "hot");
    } finally {
      setSaving(false);
    }
  };
  return { saving, save };
}
