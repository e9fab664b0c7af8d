import { useTranslation } from "react-i18next";
import { toast } from "../lib/toast";

/** Puts a text into the clipboard, and says so; or that the browser does not allow it. */
export function useCopy(): (text: string) => Promise<void> {
  const { t } = useTranslation("settings");
  return async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      toast(t("copied"));
    } catch {
      toast(t("copy.failed"), "hot");
    }
  };
}
