import { Button, Popup } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { KnowledgeVersion } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { count, dayAndTime } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { ChangesDialog } from "./changes-dialog";
import { useRestore, versions } from "./queries";

/** The number of versions shown at first. */
const shown = 5;

function Version({ version, live, onCompare }: { version: KnowledgeVersion; live: boolean; onCompare(): void }) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const me = useMe();
  const text = useProblemText();
  const restore = useRestore();
  const back = () =>
    restore.mutate(version.number, {
      onSuccess: ({ version: number }) => toast(t("restored", { from: version.number, number })),
      onError: (error) => toast(text(error), "hot"),
    });
  return (
    <li className="kn-version">
      <div className="row">
        <span className="b">{t("version", { number: version.number })}</span>
        {live && <span className="tag ok">{t("version.live")}</span>}
        <span className="grow" />
        <span className="s1 t3">{dayAndTime(version.created_at, me.time_zone)}</span>
      </div>
      <p className="s2 t2">
        {version.restores !== null
          ? t("version.restores", { number: version.restores })
          : version.note || (version.created_by === null ? t("version.first") : t("version.no_note"))}
      </p>
      <p className="s1 t3">
        {version.created_by ?? t("version.nobody")}
        <span className="dot" />
        {t("version.entries", { count: version.entries })}
        {version.checked && (
          <>
            <span className="dot" />
            {t("version.right", {
              right: count(version.checked.draft.right, language),
              total: count(
                version.checked.draft.right + version.checked.draft.dont_know + version.checked.draft.wrong,
                language,
              ),
            })}
          </>
        )}
      </p>
      {version.reason && <p className="s2 warn">{t("version.reason", { reason: version.reason })}</p>}
      {!live && (
        <div className="row wrap">
          <Button size="small" type="text" onClick={onCompare}>
            {t("version.compare")}
          </Button>
          <Popup
            label={t("restore.ask", { number: version.number })}
            className="kn-ask"
            trigger={(props) => (
              <button {...props} className="kn-text-button" disabled={restore.isPending}>
                {t("restore", { number: version.number })}
              </button>
            )}
          >
            {(close) => (
              <>
                <p>{t("restore.ask", { number: version.number })}</p>
                <p className="s2 t3">{t("restore.what")}</p>
                <div className="row kn-acts">
                  <Button size="small" data-autofocus onClick={close}>
                    {t("cancel")}
                  </Button>
                  <Button
                    size="small"
                    type="primary"
                    onClick={() => {
                      close();
                      back();
                    }}
                  >
                    {t("restore", { number: version.number })}
                  </Button>
                </div>
              </>
            )}
          </Popup>
        </div>
      )}
    </li>
  );
}

/** The published versions, with a way to restore them. */
export function VersionsCard({ live }: { live: number }) {
  const { t } = useTranslation("knowledge");
  const list = useQuery(versions);
  const [all, setAll] = useState(false);
  const [compared, setCompared] = useState<number | null>(null);
  const items = list.data?.items ?? [];
  return (
    <section className="kn-side-part" aria-label={t("versions")}>
      <h2>{t("versions")}</h2>
      <Failed of={list} />
      {list.isSuccess && items.length === 0 && <p className="s2 t2">{t("versions.none")}</p>}
      <ul>
        {(all ? items : items.slice(0, shown)).map((one) => (
          <Version
            key={one.number}
            version={one}
            live={one.number === live}
            onCompare={() => setCompared(one.number)}
          />
        ))}
      </ul>
      {!all && items.length > shown && (
        <Button size="small" onClick={() => setAll(true)}>
          {t("versions.all", { count: items.length })}
        </Button>
      )}
      {compared !== null && (
        <ChangesDialog
          title={t("version.compared", { number: compared })}
          from={String(compared)}
          to="live"
          onClose={() => setCompared(null)}
        />
      )}
    </section>
  );
}
