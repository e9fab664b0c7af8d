import { Button, Dialog } from "@yingda/antd";
import { useQueryClient } from "@tanstack/react-query";
import { dropped, holdsFiles } from "@yingda/api/transfer";
import type { BadCell, GoodsImport, ImportChange } from "@yingda/api/types";
import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { count } from "../lib/format";
import { money } from "../lib/money";
import { Icon } from "../lib/icon";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { isProblem, useProblemText } from "../lib/problem";
import { readAgain } from "../lib/read-again";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import { toast } from "../lib/toast";
import { exportUrl, goodsKey, useApplyImport, useDiscardImport, useLookAgain, usePrepareImport } from "./queries";

/** The maximum size of a file that the server accepts: 2 MB. */
const largest = 2 * 1024 * 1024;

function Faults({ found }: { found: GoodsImport }) {
  const { t } = useTranslation("goods");
  const cell = (bad: BadCell) => (bad.column ? t(`column.${bad.column}`) : t("import.whole_row"));
  const columns: readonly Column<BadCell>[] = [
    { id: "line", title: t("import.line"), className: "n", cell: ({ line }) => line },
    { id: "column", title: t("import.column"), cell },
    { id: "text", title: t("import.text"), className: "goods-import-text", cell: ({ text }) => <code>{text}</code> },
    { id: "fault", title: t("import.fault"), className: "hot", cell: ({ fault }) => t(`bad.${fault}`) },
  ];
  return (
    <>
      <p className="notice hot" role="alert">
        {t("import.bad", { count: found.bad_total })}
      </p>
      <Table
        label={t("import.faults")}
        form="values"
        className="goods-import-scroll"
        columns={columns}
        rows={found.bad}
        keyOf={(bad) => `${bad.line} ${bad.column} ${bad.fault}`}
      />
      {found.bad_total > found.bad.length && (
        <p className="s2 t3">{t("import.more", { count: found.bad_total - found.bad.length })}</p>
      )}
    </>
  );
}

function Changes({ found }: { found: GoodsImport }) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const { currency } = useMe();
  const what = (change: ImportChange) => {
    if (change.new) return money(change.price_fen, currency, language);
    const others = change.columns.filter((column) => column !== "price").map((column) => t(`column.${column}`));
    const price = change.columns.includes("price")
      ? [
          `${t("column.price")} ${money(change.old_price_fen ?? 0, currency, language)} → ${money(change.price_fen, currency, language)}`,
        ]
      : [];
    return [...price, ...others].join(t("comma"));
  };
  const all = found.new + found.changed;
  const columns: readonly Column<ImportChange>[] = [
    { id: "line", title: t("import.line"), className: "n", cell: ({ line }) => line },
    {
      id: "goods",
      title: t("field.goods"),
      cell: ({ id, name }) => (
        <>
          <b dir="auto">{say(name, language)}</b> <span className="s1 t3">{id}</span>
        </>
      ),
    },
    {
      id: "kind",
      title: t("import.kind"),
      isTitleHidden: true,
      cell: (change) => (
        <span className={change.new ? "tag ok" : "tag warn"}>
          {t(change.new ? "import.is_new" : "import.is_changed")}
        </span>
      ),
    },
    { id: "what", title: t("import.what"), className: "t2", cell: what },
  ];
  return (
    <>
      <ul className="row wrap goods-import-counts">
        {(
          [
            ["new", found.new, "tag ok"],
            ["changed", found.changed, "tag warn"],
            ["unchanged", found.unchanged, "tag"],
          ] as const
        ).map(([name, n, tone]) => (
          <li key={name} className={tone}>
            {t(`import.${name}`, { count: n, n: count(n, language) })}
          </li>
        ))}
      </ul>
      {all === 0 && <p className="empty">{t("import.nothing")}</p>}
      {all > 0 && (
        <Table
          label={t("import.changes")}
          form="values"
          className="goods-import-scroll"
          columns={columns}
          rows={found.changes}
          keyOf={({ line }) => String(line)}
        />
      )}
      {all > found.changes.length && <p className="s2 t3">{t("import.more", { count: all - found.changes.length })}</p>}
    </>
  );
}

interface DropZoneProps {
  /** The name of the file that was chosen. */
  file: string | null;
  /** Whether a file was read or refused. */
  isTried: boolean;
  busy: boolean;
  onFile(file: File | undefined): void;
}

/** Where a file is chosen or dropped. */
function DropZone({ file, isTried, busy, onFile }: DropZoneProps) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const input = useRef<HTMLInputElement>(null);
  const hint = useId();
  return (
    <div
      className="goods-drop"
      onDragOver={holdsFiles}
      onDrop={(event) => {
        const files = dropped(event);
        onFile(files.find(({ name }) => /\.(csv|xlsx)$/i.test(name)) ?? files[0]);
      }}
    >
      <Button
        type={isTried ? "default" : "primary"}
        loading={busy}
        aria-describedby={hint}
        onClick={() => input.current?.click()}
      >
        <Icon name="table" />
        {t(file ? "import.other" : "import.choose")}
      </Button>
      <input
        ref={input}
        type="file"
        className="sr"
        accept=".csv,.tsv,.txt,.xlsx,text/csv"
        tabIndex={-1}
        aria-label={t("import.choose")}
        onChange={(event) => {
          onFile(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      <p className="s2 t2 el" dir="auto">
        {file ?? t("import.drop")}
      </p>
      <p id={hint} className="s1 t3">
        {t("import.hint")}{" "}
        <a href={exportUrl("csv", language, {})} download>
          {t("import.sample")}
        </a>
      </p>
    </div>
  );
}

/** An import of goods from a file: chosen, previewed, and applied after confirmation. Nothing is applied while a row is invalid. */
export function ImportDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const text = useProblemText();
  const client = useQueryClient();
  const prepare = usePrepareImport();
  const again = useLookAgain();
  const apply = useApplyImport();
  const { mutate: discard } = useDiscardImport();
  const [file, setFile] = useState<string | null>(null);
  const [found, setFound] = useState<GoodsImport | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [outdated, setOutdated] = useState(false);

  const take = (chosen: File | undefined) => {
    if (!chosen) return;
    if (found) discard(found.id);
    setFile(chosen.name);
    setFound(null);
    setError(null);
    setOutdated(false);
    if (chosen.size > largest) {
      setError(t("import.too_large"));
      return;
    }
    prepare.mutate(chosen, { onSuccess: setFound, onError: (reason) => setError(text(reason)) });
  };
  const confirm = () => {
    if (!found) return;
    apply.mutate(
      { id: found.id, seen: found.seen },
      {
        onSuccess: (done) => {
          toast(t("import.done", { added: count(done.new, language), changed: count(done.changed, language) }));
          onClose();
        },
        onError: (reason) => {
          if (!isProblem(reason, "import_outdated")) {
            setError(text(reason));
            return;
          }
          void readAgain(client, { queryKey: goodsKey });
          again.mutate(found.id, {
            onSuccess: (now) => {
              setFound(now);
              setOutdated(true);
            },
            onError: (other) => setError(text(other)),
          });
        },
      },
    );
  };
  /** A file that was only previewed is discarded. */
  const leave = () => {
    if (found && !apply.isPending) discard(found.id);
    onClose();
  };
  const ready = found !== null && found.bad_total === 0 && found.new + found.changed > 0;
  const footer = (
    <>
      <Button onClick={leave}>{t("cancel")}</Button>
      {ready && (
        <Button type="primary" loading={apply.isPending || again.isPending} onClick={confirm}>
          {t("import.confirm", { count: found.new + found.changed })}
        </Button>
      )}
    </>
  );
  return (
    <Dialog open title={t("import.title")} closeLabel={t("close")} onClose={leave} width="52rem" footer={footer}>
      <div className="goods-import">
        <DropZone file={file} isTried={found !== null || error !== null} busy={prepare.isPending} onFile={take} />
        {prepare.isPending && (
          <p className="s2 t3" role="status">
            {t("import.reading")}
          </p>
        )}
        {error && (
          <p className="notice hot" role="alert">
            {error}
          </p>
        )}
        {outdated && (
          <p className="notice warn" role="alert">
            {t("import.outdated")}
          </p>
        )}
        {found && found.ignored.length > 0 && (
          <p className="notice">{t("import.ignored", { names: found.ignored.join(t("comma")) })}</p>
        )}
        {found && (found.bad_total > 0 ? <Faults found={found} /> : <Changes found={found} />)}
      </div>
    </Dialog>
  );
}
