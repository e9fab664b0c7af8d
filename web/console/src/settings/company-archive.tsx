import { useQuery } from "@tanstack/react-query";
import { Problem } from "@yingda/api/client";
import { bytes } from "@yingda/api/sizes";
import { Button } from "@yingda/antd";
import type { CompanyArchive as Archive } from "@yingda/api/types";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "../lib/confirm";
import { Failed } from "../lib/failed";
import { count, dayAndTime } from "../lib/format";
import { useRefused } from "../lib/mutations";
import { usePrefs } from "../lib/prefs";
import { isProblem } from "../lib/problem";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { PasswordField } from "../lib/password-field";
import { useProved } from "../sessions/prove-dialog";
import { archiveUrl, companyArchive, useMakeArchive, useRemoveArchive } from "./queries";

/** The least number of characters of a passphrase. */
const least = 12;

/** What an archive is sealed under, typed twice: nobody can read it without that. */
function Making() {
  const { t } = useTranslation("settings");
  const refuse = useRefused();
  const make = useMakeArchive();
  const { proved, dialog } = useProved();
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const [fault, setFault] = useState<"short" | "differs" | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wrong = [...passphrase].length < least ? "short" : passphrase === again ? null : "differs";
    setFault(wrong);
    if (wrong !== null || make.isPending) return;
    proved(() => make.mutateAsync({ passphrase })).catch((error: unknown) => {
      if (error instanceof Problem && error.field === "passphrase") setFault("short");
      else if (!isProblem(error, "proof_required")) refuse(error);
    });
  };
  return (
    <>
      <form onSubmit={submit} noValidate>
        <div className="form-two">
          <PasswordField
            label={t("archive.passphrase")}
            hint={t("archive.passphrase.hint")}
            error={fault === "short" ? t("archive.passphrase.short") : null}
            autoComplete="new-password"
            maxLength={200}
            value={passphrase}
            onChange={setPassphrase}
          />
          <PasswordField
            label={t("archive.again")}
            error={fault === "differs" ? t("archive.again.differs") : null}
            autoComplete="new-password"
            maxLength={200}
            value={again}
            onChange={setAgain}
          />
        </div>
        <div className="row settings-acts">
          <Button htmlType="submit" loading={make.isPending}>
            {t("archive.make")}
          </Button>
        </div>
      </form>
      {dialog}
    </>
  );
}

function Ready({ archive }: { archive: Archive }) {
  const { t } = useTranslation("settings");
  const me = useMe();
  const refuse = useRefused();
  const remove = useRemoveArchive();
  return (
    <>
      <p role="status">
        {t("archive.ready", {
          size: bytes(archive.bytes ?? 0),
          until: archive.until === null ? "" : dayAndTime(archive.until, me.time_zone),
        })}
      </p>
      <div className="row wrap">
        <a className="archive-download" href={archiveUrl} download>
          {t("archive.download")}
        </a>
        <Confirm
          ask={t("archive.remove.ask")}
          what={t("archive.remove.what")}
          act={t("archive.remove")}
          danger
          onConfirm={() => remove.mutate(undefined, { onSuccess: () => toast(t("archive.removed")), onError: refuse })}
        >
          {t("archive.remove")}
        </Confirm>
      </div>
    </>
  );
}

/** Everything that the company has, as one sealed file to take along. */
export function CompanyArchive() {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const read = useQuery(companyArchive);
  const archive = read.data;
  if (!archive) return <Failed of={read} />;
  return (
    <section className="card settings-one settings-page-form" aria-label={t("archive")}>
      <b>{t("archive")}</b>
      <p className="s2 t3">{t("archive.what")}</p>
      {archive.state === "running" ? (
        <p role="status">
          {t("archive.running")}{" "}
          {archive.done > 0 && <span className="s2 t3">{t("archive.step", { n: count(archive.done, language) })}</span>}
        </p>
      ) : archive.state === "ready" ? (
        <Ready archive={archive} />
      ) : (
        <>
          {archive.state === "failed" && <p role="alert">{t("archive.failed")}</p>}
          <Making />
        </>
      )}
    </section>
  );
}
