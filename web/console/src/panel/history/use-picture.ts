import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { download } from "../../lib/download";
import { toast } from "../../lib/toast";
import { png, type Caption } from "./picture";

/** A drawing that can be saved as a picture, with what is written around it. */
export function usePicture(name: string, captionsOf: () => Caption) {
  const { t } = useTranslation("panel");
  const drawing = useRef<SVGSVGElement>(null);
  const [saving, setSaving] = useState(false);
  const save = async () => {
    if (!drawing.current) return;
    setSaving(true);
    try {
      download(name, await png(drawing.current, captionsOf()));
    } catch {
      toast(t("history.picture_failed"), "hot");
    } finally {
      setSaving(false);
    }
  };
  return { drawing, saving, save: () => void save() };
}
