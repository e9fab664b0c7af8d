import { Button } from "@yingda/antd";
import type { FileView } from "@yingda/api/types";
import { useState, type ComponentProps, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { FileDialog } from "./file-dialog";
import "./file-list-page.css";
import { count } from "./format";
import { Icon } from "./icon";
import { ListPage } from "./list-page";
import { LoadingRows } from "./loading";
import { usePrefs } from "./prefs";
import { SearchField } from "./search-field";

interface FileListPageProps extends Pick<ComponentProps<typeof ListPage>, "of" | "rows" | "add" | "children"> {
  /** What is listed; the texts have this prefix. */
  what: "synonyms" | "graph";
  /** How many there are, as far as this is known. */
  total: number | undefined;
  /** Whether a search or a filter hides some of them. */
  isNarrowed: boolean;
  onShowAll(): void;
  words: string;
  onWords(words: string): void;
  /** The filters beside the search field. */
  filters: ReactNode;
  /** Stands between what the page is about and the search. */
  above?: ReactNode;
  /** More acts, before those for files. */
  acts?: ReactNode;
  /** The address of all of it as a CSV file. */
  file: string;
  /** The heading of what a row of a file is about. */
  subject: string;
  read(input: { file: Blob; apply: boolean }): Promise<FileView>;
}

/** A list of what curators keep for the bot: searched, and exported and imported as a CSV file. */
export function FileListPage({
  what,
  total,
  isNarrowed,
  onShowAll,
  words,
  onWords,
  filters,
  above,
  acts,
  file,
  subject,
  read,
  ...list
}: FileListPageProps) {
  const { t } = useTranslation("curate");
  const { language } = usePrefs();
  const [isReading, setReading] = useState(false);
  const own = (part: "title" | "about" | "search" | "empty" | "import" | "import.what"): string =>
    what === "graph" ? t(`graph.${part}`) : t(`synonyms.${part}`);
  const sizes = { count: total ?? 0, n: count(total ?? 0, language) };
  return (
    <>
      <ListPage
        {...list}
        title={own("title")}
        about={
          <span className="s2 t3 n">
            {total !== undefined && (what === "graph" ? t("graph.total", sizes) : t("synonyms.total", sizes))}
          </span>
        }
        acts={
          <>
            {acts}
            <Button onClick={() => setReading(true)}>{t("import")}</Button>
            <Button href={file} download>
              <Icon name="download" />
              {t("export")}
            </Button>
          </>
        }
        className="file-list"
        above={
          <>
            <p className="notice">{own("about")}</p>
            {above}
            <div className="row wrap" role="search">
              <SearchField className="file-list-search" label={own("search")} value={words} onChange={onWords} />
              {filters}
            </div>
          </>
        }
        loading={<LoadingRows rows={8} className="card" />}
        empty={
          <>
            <p>{isNarrowed ? t("empty.search") : own("empty")}</p>
            {isNarrowed && <Button onClick={onShowAll}>{t("search.clear")}</Button>}
          </>
        }
      />
      {isReading && (
        <FileDialog
          title={own("import")}
          what={own("import.what")}
          subject={subject}
          wordOf={({ code, title }) => t(`file.error.${code}`, { defaultValue: title })}
          read={read}
          onClose={() => setReading(false)}
        />
      )}
    </>
  );
}
