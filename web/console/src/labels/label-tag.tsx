import type { LabelRef } from "@yingda/api/types";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";

/** A label as it is shown wherever it is. */
export function LabelTag({ label }: { label: Pick<LabelRef, "name" | "colour"> }) {
  const { language } = usePrefs();
  return (
    <span className={label.colour === "plain" ? "tag el" : `tag ${label.colour} el`} dir="auto">
      {say(label.name, language)}
    </span>
  );
}
