import type { Indicator } from "@yingda/api/types";
import { dayInWords, dayOf } from "../../lib/format";
import { usePrefs } from "../../lib/prefs";
import { BehindDrawer } from "../drawer";
import { behindRange } from "../queries";
import type { HistorySearch } from "./search";
import { useAddress } from "./use-address";

interface Props {
  search: HistorySearch;
  zone: string;
  names: ReadonlyMap<string, Indicator>;
}

/** The list behind the number that was opened. */
export function Behind({ search, zone, names }: Props) {
  const { language } = usePrefs();
  const { push } = useAddress();
  const oneDay =
    search.at !== undefined && search.until !== undefined && dayOf(search.at, zone) === dayOf(search.until - 1, zone);
  const caption =
    search.at === undefined || search.until === undefined
      ? ""
      : oneDay
        ? dayInWords(search.at, zone, language)
        : `${dayOf(search.at, zone)} – ${dayOf(search.until - 1, zone)}`;
  return (
    <BehindDrawer
      indicator={names.get(search.open ?? "")}
      open={search.open ?? ""}
      caption={caption}
      zone={zone}
      onClose={() => push(({ open: _open, at: _at, until: _until, part: _part, ...rest }) => rest)}
      pages={behindRange(
        search.open ?? "",
        search.at ?? 0,
        search.until ?? 0,
        search.part === undefined ? undefined : search.split,
        search.part,
      )}
    />
  );
}
