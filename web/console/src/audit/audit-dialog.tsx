import { Button, Dialog } from "@yingda/antd";
import type { AuditEntry } from "@yingda/api/types";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { dayOf, hourMinuteSecond } from "../lib/format";
import { useMe } from "../lib/session";
import type { AuditSearch } from "./search";
import { useAuditWords } from "./use-audit-words";

function Line({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <dt className="t3">{title}</dt>
      <dd dir="auto">{children}</dd>
    </>
  );
}

interface AuditDialogProps {
  entry: AuditEntry;
  /** Narrows the list. */
  onShow(search: AuditSearch): void;
  onClose(): void;
}

/** Everything that the audit knows of one act. */
export function AuditDialog({ entry, onShow, onClose }: AuditDialogProps) {
  const { t } = useTranslation("audit");
  const me = useMe();
  const { act, who, field, value, refusal, steps } = useAuditWords();
  const { at, by, object, from, changes, request } = entry;
  const narrow = (search: AuditSearch) => {
    onShow(search);
    onClose();
  };
  return (
    <Dialog
      open
      title={entry.operation === "" ? t("altered.short") : act(entry.operation)}
      closeLabel={t("close")}
      onClose={onClose}
      placement="end"
      width="34rem"
    >
      {entry.altered && (
        <p className="notice hot" role="alert">
          {t("altered")}
        </p>
      )}
      <dl className="audit-lines">
        <Line title={t("column.at")}>
          {dayOf(at, me.time_zone)} {hourMinuteSecond(at, me.time_zone)}
        </Line>
        <Line title={t("column.who")}>{who(entry)}</Line>
        {refusal(entry) !== null && <Line title={t("line.refused")}>{refusal(entry)}</Line>}
        {steps(entry) !== null && <Line title={t("line.steps")}>{steps(entry)}</Line>}
        {object !== null && (
          <Line title={t("column.object")}>
            <code>{object}</code>
          </Line>
        )}
        {from && <Line title={t("column.from")}>{from.address}</Line>}
        {from && from.browser !== "" && <Line title={t("line.browser")}>{from.browser}</Line>}
        <Line title={t("line.operation")}>
          <code>{entry.path === "" ? entry.operation : `${entry.operation.split(" ")[0]} ${entry.path}`}</code>
        </Line>
        <Line title={t("line.number")}>{entry.seq}</Line>
      </dl>
      {changes.length > 0 && (
        <>
          <h3 className="audit-part">{t("changes")}</h3>
          <dl className="audit-lines">
            {changes.map((one) => (
              <Line key={one.field} title={field(one.field)}>
                {one.before !== null && <del>{value(one.before)}</del>}{" "}
                {one.after !== null && <ins>{value(one.after)}</ins>}
              </Line>
            ))}
          </dl>
        </>
      )}
      {request !== null && request !== undefined && (
        <details>
          <summary>{t("request")}</summary>
          <pre className="audit-request" tabIndex={0} aria-label={t("request")}>
            {JSON.stringify(request, null, 2)}
          </pre>
        </details>
      )}
      <div className="row wrap audit-narrow">
        {by.kind === "staff" && by.id !== null && (
          <Button onClick={() => narrow({ person: by.id ?? "" })}>{t("show.person")}</Button>
        )}
        {object !== null && <Button onClick={() => narrow({ object })}>{t("show.object")}</Button>}
      </div>
    </Dialog>
  );
}
