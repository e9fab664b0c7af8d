import type { Colleagues } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CheckGroup } from "../lib/check-group";
import { useFolded } from "../lib/normal";
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
  const fold = useFolded();
  const found = staff.filter((one) => words === "" || fold(`${one.name} ${one.number}`).includes(fold(words)));
  const shown = [...found.filter((one) => first.has(one.id)), ...found.filter((one) => !first.has(one.id))].slice(
    0,
    shownAtOnce,
  );
  const known = new Set(staff.map((one) => one.id));
  const keptOut = chosen.filter((id) => !known.has(id)).length;
  return (
    <CheckGroup
      legend={t("queue.members")}
      options={shown.map(({ id, name, number }) => ({
        id,
        label: (
          <>
            <bdi>{name}</bdi> <span className="t3">{number}</span>
          </>
        ),
      }))}
      chosen={chosen}
      error={error}
      wide
      above={
        staff.length > shownAtOnce && (
          <SearchField className="check-group-whole" label={t("search.members")} value={words} onChange={setWords} />
        )
      }
      below={
        <>
          {found.length > shown.length && (
            <p className="s1 t3 check-group-whole">{t("members.more", { count: found.length - shown.length })}</p>
          )}
          {staff.length > 0 && keptOut > 0 && (
            <p className="s1 t3 check-group-whole">{t("members.kept_out", { count: keptOut })}</p>
          )}
        </>
      }
      onChange={onChange}
    />
  );
}
