import type { Colleagues } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { SearchField } from "../lib/search-field";

/** The number of members shown at once; if there are more, they have to be searched. */
const shownAtOnce = 40;

interface PickerProps {
  staff: Colleagues["agents"];
  chosen: readonly string[];
  error: string | undefined;
  onChange(chosen: string[]): void;
}

/** Who serves a queue: its members first, then the others, searched by name or number. */
export function MemberPicker({ staff, chosen, error, onChange }: PickerProps) {
  const { t } = useTranslation("settings");
  const [words, setWords] = useState("");
  // The order stays that of the first drawing, so that no one moves under the pointer.
  const [first] = useState(() => new Set(chosen));
  const wanted = words.trim().toLowerCase();
  const found = staff.filter((one) => wanted === "" || `${one.name} ${one.number}`.toLowerCase().includes(wanted));
  const shown = [...found.filter((one) => first.has(one.id)), ...found.filter((one) => !first.has(one.id))].slice(
    0,
    shownAtOnce,
  );
  const known = new Set(staff.map((one) => one.id));
  const keptOut = chosen.filter((id) => !known.has(id)).length;
  return (
    <fieldset className="settings-set settings-set-wide">
      <legend>{t("queue.members")}</legend>
      {staff.length > shownAtOnce && (
        <SearchField className="settings-picker-search" label={t("search.members")} value={words} onChange={setWords} />
      )}
      {shown.map((one) => (
        <label key={one.id} className="settings-check">
          <input
            type="checkbox"
            checked={chosen.includes(one.id)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, one.id] : chosen.filter((id) => id !== one.id))
            }
          />
          <span>
            {one.name} <span className="t3">{one.number}</span>
          </span>
        </label>
      ))}
      {found.length > shown.length && (
        <p className="s1 t3 settings-picker-told">{t("members.more", { count: found.length - shown.length })}</p>
      )}
      {staff.length > 0 && keptOut > 0 && (
        <p className="s1 t3 settings-picker-told">{t("members.kept_out", { count: keptOut })}</p>
      )}
      {error && (
        <span className="field-error settings-picker-told" role="alert">
          {error}
        </span>
      )}
    </fieldset>
  );
}
