import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { HistorySearch } from "./search";
import { useAddress } from "./use-address";

/** The names of the time zones this browser knows. */
const zones = (): string[] => (typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : []);
/** Stands for all zones in the list until they are shown. */
const every = "*";

/** The choice of the time zone whose days are shown. */
export function ZoneChoice({ search, company }: { search: HistorySearch; company: string }) {
  const { t } = useTranslation("panel");
  const { replace: go } = useAddress();
  const id = useId();
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const often = [...new Set([here, "UTC", ...(search.tz ? [search.tz] : [])])].filter((one) => one !== company);
  // Several hundred names that hardly anyone needs are added to the page only on request.
  const [all, setAll] = useState(false);
  const zone = useRef<HTMLSelectElement>(null);
  useEffect(() => {
    if (!all) return;
    try {
      zone.current?.showPicker();
    } catch {
      zone.current?.focus();
    }
  }, [all]);
  return (
    <span className="row s2 range-choice">
      <label className="t2" htmlFor={`${id}-zone`}>
        {t("history.zone")}
      </label>
      <select
        id={`${id}-zone`}
        ref={zone}
        className="range-select"
        value={search.tz ?? ""}
        onChange={(event) => {
          const { value } = event.target;
          if (value === every) setAll(true);
          else
            go(({ tz: _tz, open: _open, at: _at, until: _until, part: _part, ...now }) =>
              value === "" ? now : { ...now, tz: value },
            );
        }}
      >
        <option value="">{t("history.zone.company", { zone: company })}</option>
        {often.map((one) => (
          <option key={one} value={one}>
            {one === here ? t("history.zone.here", { zone: one }) : one}
          </option>
        ))}
        {all ? (
          <optgroup label={t("history.zone.all")}>
            {zones()
              .filter((one) => one !== company && !often.includes(one))
              .map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
          </optgroup>
        ) : (
          <option value={every}>{t("history.zone.more")}</option>
        )}
      </select>
    </span>
  );
}
