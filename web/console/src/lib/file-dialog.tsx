import { Button, Dialog } from "@yingda/antd";
import type { FileView } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import "./file-dialog.css";
import { isProblem, useProblemText } from "./problem";
import { Table } from "./table";
import type { Column } from "./table-model";
import { toast } from "./toast";

/** A row of a file, and what else there is to say about its change. */
type Row = FileView["rows"][number] & { about?: string };
type FileError = Row["errors"][number];

/** What a file does, however the server that read it calls this. */
export type ReadFile = Pick<FileView, "new" | "changed" | "same" | "bad"> & { rows: readonly Row[] };

interface FileDialogProps {
  title: string;
  /** What the columns of the file are. */
  what: string;
  /** The heading of what a row is about. */
  subject: string;
  /** What is wrong with a cell. */
  wordOf(error: FileError): string;
  /** The word for applying it, if it is not simply imported. */
  apply?: string;
  read(input: { file: Blob; apply: boolean }): Promise<ReadFile>;
  onClose(): void;
}

/** What a row of the file would do, or what is wrong with it. */
function Outcome({ row, wordOf }: { row: Row } & Pick<FileDialogProps, "wordOf">) {
  const { t } = useTranslation("kit");
  return (
    <>
      {row.errors.length > 0 ? (
        <ul>
          {row.errors.map((one, at) => (
            <li key={at} className="hot">
              {t("file.cell", {
                column: one.column,
                what: wordOf(one),
              })}
            </li>
          ))}
        </ul>
      ) : (
        <span className={row.change === "new" ? "tag ok" : "tag warn"}>{t(`file.${row.change}`)}</span>
      )}
      {row.about && ` ${row.about}`}
      {row.elsewhere.length > 0 && <p className="s1 t2">{t("file.elsewhere", { words: row.elsewhere.join(" · ") })}</p>}
    </>
  );
}

/** An import from a CSV file: what it would change, the invalid rows by line number, and then all of it or nothing. */
export function FileDialog({ title, what, subject, wordOf, apply, read, onClose }: FileDialogProps) {
  const { t } = useTranslation("kit");
  const { t: shell } = useTranslation("shell");
  const text = useProblemText();
  const [file, setFile] = useState<File | null>(null);
  const [seen, setSeen] = useState<ReadFile | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const words = (error: unknown) =>
    isProblem(error, "knowledge_file")
      ? t("file.no_table", { line: error.field?.replace(/\D/g, "") ?? "1", what: error.message })
      : isProblem(error, "invalid_value")
        ? t("file.no_text")
        : isProblem(error, "conflict")
          ? t("file.conflict")
          : text(error);
  const run = async (chosen: File, isLast: boolean) => {
    setBusy(true);
    setFault(null);
    try {
      const found = await read({ file: chosen, apply: isLast });
      if (isLast) {
        toast(t("file.done", { added: found.new, changed: found.changed }));
        onClose();
      } else setSeen(found);
    } catch (error) {
      setFault(words(error));
    } finally {
      setBusy(false);
    }
  };
  const choose = (chosen: File | undefined) => {
    if (!chosen) return;
    setFile(chosen);
    setSeen(null);
    void run(chosen, false);
  };
  const columns: readonly Column<Row>[] = [
    { id: "line", title: t("file.line"), className: "n", cell: ({ line }) => line },
    { id: "subject", title: subject, isHeading: true, cell: ({ name }) => name },
    { id: "change", title: t("file.change"), cell: (row) => <Outcome row={row} wordOf={wordOf} /> },
  ];
  return (
    <Dialog
      open
      title={title}
      closeLabel={shell("close")}
      onClose={onClose}
      width="46rem"
      footer={
        <>
          <Button onClick={onClose}>{shell("cancel")}</Button>
          <Button
            type="primary"
            disabled={!file || !seen || seen.bad > 0 || seen.rows.length === 0}
            loading={busy}
            onClick={() => file && void run(file, true)}
          >
            {apply ?? t("file.apply")}
          </Button>
        </>
      }
    >
      <div className="file-dialog">
        <p className="t2">{what}</p>
        <label className="file-choose">
          <span className="b" dir="auto">
            {file ? file.name : t("file.choose")}
          </span>
          <input
            type="file"
            accept=".csv,.tsv,.txt,.xlsx,text/csv"
            aria-label={t("file.choose")}
            onChange={(event) => choose(event.target.files?.[0])}
          />
        </label>
        {fault && (
          <p className="notice hot" role="alert">
            {fault}
          </p>
        )}
        {busy && !seen && (
          <p className="t3" role="status">
            {t("file.reading")}
          </p>
        )}
        {seen && (
          <p role="status">
            {t("file.sum", { added: seen.new, changed: seen.changed, same: seen.same, bad: seen.bad })}
          </p>
        )}
        {seen && seen.bad > 0 && (
          <p className="notice hot" role="alert">
            {t("file.bad", { count: seen.bad })}
          </p>
        )}
        {seen && seen.rows.length > 0 && (
          <Table
            label={t("file.rows")}
            form="values"
            className="file-rows"
            columns={columns}
            rows={[...seen.rows].sort((a, b) => Number(b.errors.length > 0) - Number(a.errors.length > 0))}
            keyOf={({ line }) => String(line)}
          />
        )}
      </div>
    </Dialog>
  );
}
