import { Button, Dialog, Input } from "@yingda/antd";
import type { InvitationPreview, PreviewLine } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { proposed } from "../lib/roles";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import { useUnsaved } from "../lib/unsaved";
import { InviteOptions } from "./invite-options";
import { InviteResults } from "./invite-results";
import "../lib/file-dialog.css";
import { useInvitations, type Invitations, type Otherwise } from "./use-invite-many";

/** What is wrong with a line, field by field. */
function Faults({ line }: { line: PreviewLine }) {
  const { t } = useTranslation("settings");
  const why = ({ field, code }: PreviewLine["faults"][number]) =>
    code === "not_permitted"
      ? t("many.not_permitted")
      : field === "role" || field === "group" || field === "department"
        ? t("many.unknown")
        : t("many.invalid");
  return (
    <ul>
      {line.faults.map((fault) => (
        <li key={fault.field} className="s2">
          {t("many.fault", { field: t(`field.${fault.field}`), value: fault.value, why: why(fault) })}
        </li>
      ))}
    </ul>
  );
}

/** What each line would do. */
function Preview({ preview, count }: { preview: InvitationPreview; count: number }) {
  const { t } = useTranslation("settings");
  const columns: readonly Column<PreviewLine>[] = [
    { id: "line", title: t("many.line"), className: "n", cell: ({ line }) => line },
    {
      id: "person",
      title: t("column.person"),
      isHeading: true,
      cell: ({ name, email }) => (
        <>
          <b dir="auto">{name}</b> <span className="settings-line s2 t3">{email}</span>
        </>
      ),
    },
    {
      id: "outcome",
      title: t("many.outcome"),
      narrow: "untitled",
      cell: (line) => (
        <>
          <span className={line.outcome === "new" ? "tag ok" : line.outcome === "bad" ? "tag hot" : "tag warn"}>
            {t(`many.${line.outcome}`)}
          </span>
          {line.faults.length > 0 && <Faults line={line} />}
        </>
      ),
    },
  ];
  const rows = preview.lines.map((line, at) => ({ ...line, at }));
  return (
    <>
      <p role="status">{t("many.sum", { count, left: preview.lines.length - count })}</p>
      {preview.ignored_columns.length > 0 && (
        <p className="s2 t2">{t("many.ignored", { names: preview.ignored_columns.join(", ") })}</p>
      )}
      <Table
        label={t("many.outcome")}
        columns={columns}
        rows={rows}
        keyOf={(line) => String((line as (typeof rows)[number]).at)}
      />
    </>
  );
}

/** A pasted list or a file. */
function Source({ words, onWords, of }: { words: string; onWords(words: string): void; of: Invitations }) {
  const { t } = useTranslation("settings");
  return (
    <>
      <p className="t2">{t("many.what")}</p>
      <Field label={t("many.list")}>
        {(ids) => (
          <Input.TextArea
            {...ids}
            rows={6}
            dir="auto"
            spellCheck={false}
            autoComplete="off"
            value={words}
            onChange={(event) => onWords(event.target.value)}
          />
        )}
      </Field>
      <label className="file-choose">
        <span className="b">{t("many.file")}</span>
        <input
          type="file"
          accept=".csv,.tsv,.txt,.xlsx,text/csv"
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) void of.read(file);
          }}
        />
      </label>
    </>
  );
}

/** Invites several people, from a pasted list or a file: what each line would do is shown first. */
export function InviteMany({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("settings");
  const { t: shell } = useTranslation("shell");
  const of = useInvitations();
  const [words, setWords] = useState("");
  const [otherwise, setOtherwise] = useState<Otherwise>({ role: proposed, group: "", queues: [] });
  const [byMail, setByMail] = useState(true);
  const { preview, results, invitable, busy, fault } = of;
  useUnsaved(results === null && (preview !== null || words.trim() !== ""));
  const canMail = preview?.can_mail ?? false;
  const buttons =
    results !== null ? (
      <Button type="primary" onClick={onClose}>
        {t("close")}
      </Button>
    ) : preview === null ? (
      <Button
        type="primary"
        loading={busy}
        disabled={words.trim() === ""}
        onClick={() => void of.read(new Blob([words]))}
      >
        {t("many.read")}
      </Button>
    ) : (
      <>
        <Button onClick={of.again}>{t("many.again")}</Button>
        <Button
          type="primary"
          loading={busy}
          disabled={invitable.length === 0}
          onClick={() => void of.send(otherwise, canMail && byMail)}
        >
          {t("many.send", { count: invitable.length })}
        </Button>
      </>
    );
  return (
    <Dialog
      open
      title={t("many")}
      closeLabel={shell("close")}
      onClose={onClose}
      width="46rem"
      footer={
        <>
          {results === null && <Button onClick={onClose}>{shell("cancel")}</Button>}
          {buttons}
        </>
      }
    >
      <div className="settings-form">
        {fault !== null && (
          <p className="notice hot" role="alert">
            {fault}
          </p>
        )}
        {results !== null ? (
          <InviteResults results={results} />
        ) : preview === null ? (
          <Source words={words} onWords={setWords} of={of} />
        ) : (
          <>
            <Preview preview={preview} count={invitable.length} />
            {invitable.length > 0 && (
              <InviteOptions
                otherwise={otherwise}
                onChange={setOtherwise}
                mail={canMail ? byMail : null}
                onMail={setByMail}
              />
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}
