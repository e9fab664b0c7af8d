import type { OperatedCompany } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { count } from "../lib/format";
import { say } from "../lib/i18n";
import { useRefused, useUndo } from "../lib/mutations";
import { usePrefs } from "../lib/prefs";
import { RowActs, type Act } from "../lib/row-acts";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import { toast } from "../lib/toast";
import { UseBar } from "../lib/use-bar";
import { kinds, useUseWords, type Kind } from "../lib/use-words";
import { useSuspend } from "./queries";

interface CompanyActsProps {
  company: OperatedCompany;
  onLimit(company: OperatedCompany): void;
}

/** What can be done with a company. */
function CompanyActs({ company, onLimit }: CompanyActsProps) {
  const { t } = useTranslation("operator");
  const { language } = usePrefs();
  const change = useSuspend();
  const refused = useRefused();
  const undo = useUndo();
  const { id } = company;
  const name = say(company.name, language);
  const acts: Act[] = [
    { word: t("limits"), label: t("limits.of", { name }), run: () => onLimit(company) },
    company.suspended_at === null
      ? {
          word: t("suspend"),
          label: t("suspend.of", { name }),
          asks: { ask: t("suspend.ask", { name }), what: t("suspend.what"), danger: true },
          run: () =>
            change.mutate(
              { id, suspended: true },
              {
                onSuccess: () => undo(t("suspended.now", { name }), () => change.mutateAsync({ id, suspended: false })),
                onError: refused,
              },
            ),
        }
      : {
          word: t("resume"),
          label: t("resume.of", { name }),
          run: () =>
            change.mutate(
              { id, suspended: false },
              { onSuccess: () => toast(t("resumed.now", { name })), onError: refused },
            ),
        },
  ];
  return <RowActs name={name} acts={acts} />;
}

interface CompaniesTableProps {
  rows: readonly OperatedCompany[];
  busy: boolean;
  onLimit(company: OperatedCompany): void;
}

/** The companies, with what each uses of what it may use. */
export function CompaniesTable({ rows, busy, onLimit }: CompaniesTableProps) {
  const { t } = useTranslation("operator");
  const { language } = usePrefs();
  const words = useUseWords(t);
  const use = (kind: Kind): Column<OperatedCompany> => ({
    id: kind,
    title: t(`kind.${kind}`),
    cell: ({ used, limits }) => (
      <UseBar
        label={t(`kind.${kind}`)}
        used={used[kind]}
        limit={limits[kind]}
        words={words(kind, used[kind], limits)}
      />
    ),
  });
  const columns: readonly Column<OperatedCompany>[] = [
    {
      id: "name",
      title: t("column.company"),
      isHeading: true,
      cell: ({ name, slug, url, suspended_at }) => (
        <span className="operator-name">
          <span>
            <b>
              <bdi>{say(name, language)}</bdi>
            </b>{" "}
            {suspended_at !== null && <span className="tag hot">{t("suspended")}</span>}
          </span>
          <a className="s2 t3" href={url} dir="ltr">
            {slug}
          </a>
        </span>
      ),
    },
    ...kinds.map(use),
    {
      id: "visitors",
      title: t("column.visitors"),
      align: "end",
      isExtra: true,
      cell: ({ visitors }) => count(visitors, language),
    },
    {
      id: "acts",
      title: t("column.acts"),
      isTitleHidden: true,
      narrow: "beside",
      cell: (company) => <CompanyActs company={company} onLimit={onLimit} />,
    },
  ];
  return (
    <Table label={t("companies")} className="card" columns={columns} rows={rows} keyOf={({ id }) => id} busy={busy} />
  );
}
