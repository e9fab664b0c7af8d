import type { Schema } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { hourMinute } from "../lib/format";
import { useMe } from "../lib/session";

type Line = Schema<"LineView">;

/** Something that was said, with what was looked for marked in it. */
export function RecordLine({ line, customer, isFound }: { line: Line; customer: string; isFound: boolean }) {
  const { t } = useTranslation("records");
  const me = useMe();
  const who = line.by === "customer" ? customer : (line.name ?? t(line.by === "bot" ? "by.bot" : "by.system"));
  return (
    <span className={isFound ? "record-line" : "record-line t3"}>
      <span className="record-said t3">
        <bdi>{who}</bdi> {line.is_note && <span className="tag warn">{t("note")}</span>}{" "}
        <time dateTime={new Date(line.at).toISOString()}>{hourMinute(line.at, me.time_zone)}</time>
      </span>
      <span dir="auto">
        {line.text.map((part, index) => (part.is_found ? <mark key={index}>{part.text}</mark> : part.text))}
      </span>
    </span>
  );
}
