import { Button, Popup } from "@yingda/antd";
import { urlOf } from "@yingda/api/operations";
import type { KnowledgeOverview } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { count } from "../lib/format";
import { Icon } from "../lib/icon";
import { Kbd } from "../lib/kbd";
import { usePrefs } from "../lib/prefs";
import type { AnswersSearch } from "./search";

interface ActsMenuProps {
  onImport(): void;
  onCategories(): void;
}

/** What is done with all entries. */
function ActsMenu({ onImport, onCategories }: ActsMenuProps) {
  const { t } = useTranslation("knowledge");
  return (
    <Popup
      label={t("acts")}
      className="kn-menu"
      trigger={(props) => (
        <button {...props} className="ib" aria-label={t("acts")} title={t("acts")}>
          <Icon name="more" />
        </button>
      )}
    >
      {(close) => (
        <ul>
          <li>
            <button
              type="button"
              onClick={() => {
                close();
                onImport();
              }}
            >
              <Icon name="table" />
              {t("import")}
            </button>
          </li>
          <li>
            <a href={urlOf("/knowledge/export.csv")} download onClick={close}>
              <Icon name="download" />
              {t("export")}
            </a>
          </li>
          <li>
            <button
              type="button"
              onClick={() => {
                close();
                onCategories();
              }}
            >
              <Icon name="book" />
              {t("categories")}
            </button>
          </li>
        </ul>
      )}
    </Popup>
  );
}

interface KnowledgeHeadProps extends ActsMenuProps {
  view: NonNullable<AnswersSearch["view"]>;
  state: KnowledgeOverview | undefined;
  /** How many questions could be learned. */
  toLearn: number;
  /** Whether the member may check and publish. */
  publishes: boolean;
  onView(view: NonNullable<AnswersSearch["view"]>): void;
  onNew(): void;
  onPublish(): void;
}

/** The views, what is live, and the actions on the draft. */
export function KnowledgeHead({
  view,
  state,
  toLearn,
  publishes,
  onView,
  onNew,
  onImport,
  onCategories,
  onPublish,
}: KnowledgeHeadProps) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  return (
    <header className="page-head kn-head" data-tour="answers">
      <h1>{t("title")}</h1>
      <Choice
        label={t("views")}
        value={view}
        onChange={onView}
        options={[
          {
            value: "entries" as const,
            word: (
              <>
                {t("view.entries")}
                {state && <span className="t3 plain n">{state.entries}</span>}
              </>
            ),
          },
          {
            value: "proposed" as const,
            word: (
              <>
                {t("view.proposed")}
                {toLearn > 0 && <span className="t3 plain n">{count(toLearn, language)}</span>}
              </>
            ),
          },
          { value: "suspects" as const, word: t("view.suspects") },
          {
            value: "tests" as const,
            word: (
              <>
                {t("view.tests")}
                {state && <span className="t3 plain n">{state.tests}</span>}
              </>
            ),
          },
        ].filter((one) => publishes || one.value !== "tests")}
      />
      <span className="grow" />
      {state && (
        <span className="s2 t3 kn-status">
          {state.version > 0 ? t("status.live", { number: state.version }) : t("status.never")}
          <span className="dot" />
          {state.changes === 0 ? t("status.no_changes") : t("status.changes", { count: state.changes })}
        </span>
      )}
      <Button onClick={onNew}>
        <Icon name="plus" />
        <span className="kn-new-word">{t("new")}</span>
      </Button>
      {publishes && <ActsMenu onImport={onImport} onCategories={onCategories} />}
      {publishes && (
        <Button type="primary" disabled={!state || state.changes === 0} onClick={onPublish}>
          {t("publish", { number: state?.next ?? 1 })}
        </Button>
      )}
    </header>
  );
}

/** What to do first while no entry is open. */
export function KnowledgeHints({ publishes }: { publishes: boolean }) {
  const { t } = useTranslation("knowledge");
  return (
    <div className="empty kn-choose">
      <p>{t("choose_entry")}</p>
      <ul className="kn-hints">
        <li>
          <Kbd keys="/" /> {t("search")}
        </li>
        <li>
          <Kbd keys="Ctrl S" /> {t("key.save")}
        </li>
        {publishes && (
          <>
            <li>
              <Kbd keys="Ctrl E" /> {t("check.run")}
            </li>
            <li>
              <Kbd keys="Ctrl ↵" /> {t("key.publish")}
            </li>
          </>
        )}
      </ul>
    </div>
  );
}
