import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "@yingda/antd";
import { Link } from "@tanstack/react-router";
import type { RetentionPreview, RetentionRules } from "@yingda/api/types";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Question } from "../lib/confirm";
import { Failed } from "../lib/failed";
import { Field, type Faults } from "../lib/field";
import { count, dayOf } from "../lib/format";
import { LoadingCards } from "../lib/loading";
import { useRefused } from "../lib/mutations";
import { usePrefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { previewOf, retention, useSetRetention } from "./queries";

const kinds = ["conversations", "files", "views"] as const;
type Kind = (typeof kinds)[number];
type Entered = Record<Kind, string>;

/** Ten years; what is to be kept longer is kept for ever. */
const longest = 3653;

const enteredOf = (rules: RetentionRules): Entered => ({
  conversations: String(rules.conversations ?? ""),
  files: String(rules.files ?? ""),
  views: String(rules.views ?? ""),
});

/** The rules that were entered; of a field that is no number of days, what is wrong with it. */
function read(entered: Entered, fault: string): { rules: RetentionRules; faults: Faults } {
  const rules: RetentionRules = { conversations: null, files: null, views: null };
  const faults: Record<string, string> = {};
  for (const kind of kinds) {
    const text = entered[kind].trim();
    if (text === "") continue;
    const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
    if (days < 1 || days > longest) faults[kind] = fault;
    else rules[kind] = days;
  }
  return { rules, faults };
}

const isAny = (found: RetentionPreview) => kinds.some((kind) => found[kind].count > 0);

/** What some rules would erase now, kind by kind. */
function WouldGo({ found }: { found: RetentionPreview }) {
  const { t } = useTranslation("privacy");
  const me = useMe();
  const { language } = usePrefs();
  if (!isAny(found)) return <p role="status">{t("kept.nothing")}</p>;
  return (
    <div role="status">
      <p>{t("kept.would")}</p>
      <ul>
        {kinds.map((kind) => {
          const { count: n, oldest } = found[kind];
          return n === 0 ? null : (
            <li key={kind}>
              {t(`kept.would.${kind}`, { count: n, n: count(n, language) })}
              {oldest !== null && (
                <span className="s2 t3"> {t("kept.oldest", { day: dayOf(oldest, me.time_zone) })}</span>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function RetentionForm({ rules: saved }: { rules: RetentionRules }) {
  const { t } = useTranslation("privacy");
  const { t: kit } = useTranslation("kit");
  const refuse = useRefused();
  const set = useSetRetention();
  const [entered, setEntered] = useState(() => enteredOf(saved));
  const [faults, setFaults] = useState<Faults>({});
  const [found, setFound] = useState<RetentionPreview | null>(null);
  const [asks, setAsks] = useState<RetentionRules | null>(null);
  const [isTrying, setTrying] = useState(false);
  const isChanged = kinds.some((kind) => entered[kind].trim() !== enteredOf(saved)[kind]);
  const change = (kind: Kind, text: string) => {
    setEntered({ ...entered, [kind]: text });
    setFaults({});
    setFound(null);
    setAsks(null);
  };
  /** Counts what the rules that were entered would erase; `null` if they are none, or if it could not be counted. */
  const dryRun = async (): Promise<{ rules: RetentionRules; would: RetentionPreview } | null> => {
    const { rules, faults: wrong } = read(entered, t("kept.fault"));
    setFaults(wrong);
    if (Object.keys(wrong).length > 0) return null;
    setTrying(true);
    try {
      const would = await previewOf(rules);
      setFound(would);
      return { rules, would };
    } catch (error) {
      refuse(error);
      return null;
    } finally {
      setTrying(false);
    }
  };
  const save = (rules: RetentionRules) => {
    setAsks(null);
    set.mutate(rules, {
      onSuccess: () => {
        setFound(null);
        toast(t("kept.saved"));
      },
      onError: refuse,
    });
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const tried = await dryRun();
    if (tried === null) return;
    if (isAny(tried.would)) setAsks(tried.rules);
    else save(tried.rules);
  };
  return (
    <form className="form retention" noValidate onSubmit={(event) => void submit(event)}>
      <div className="row wrap retention-fields">
        {kinds.map((kind) => (
          <Field key={kind} label={t(`kept.${kind}`)} hint={t(`kept.hint.${kind}`)} error={faults[kind]}>
            {(ids) => (
              <Input
                {...ids}
                inputMode="numeric"
                autoComplete="off"
                placeholder={t("kept.ever")}
                suffix={t("kept.days")}
                disabled={isTrying}
                value={entered[kind]}
                onChange={(event) => change(kind, event.target.value)}
              />
            )}
          </Field>
        ))}
      </div>
      {found && <WouldGo found={found} />}
      {asks ? (
        <div className="notice" role="group" aria-label={t("kept.ask")}>
          <Question
            ask={t("kept.ask")}
            what={t("kept.what")}
            act={t("kept.act")}
            danger
            onCancel={() => setAsks(null)}
            onConfirm={() => save(asks)}
          />
        </div>
      ) : (
        <div className="row wrap">
          <Button onClick={() => void dryRun()} disabled={isTrying}>
            {t("kept.try")}
          </Button>
          <Button type="primary" htmlType="submit" disabled={!isChanged || isTrying || set.isPending}>
            {kit("save")}
          </Button>
        </div>
      )}
    </form>
  );
}

/** How long the company keeps what people said, sent and looked at; what other rules would erase can be tried before they are set. */
export function Retention() {
  const { t } = useTranslation("privacy");
  const me = useMe();
  const { language } = usePrefs();
  const query = useQuery(retention);
  const rules = query.data;
  if (!rules)
    return query.isError ? <Failed of={query} /> : <LoadingCards cards={1} lines={3} className="" card="card" />;
  const term = (days: number | null) =>
    days === null ? t("kept.ever") : t("kept.term", { count: days, n: count(days, language) });
  return (
    <section className="retention-section" aria-labelledby="retention">
      <h2 id="retention">{t("kept")}</h2>
      <p className="s2 t3">
        {t("kept.about")}
        {may(me, "audit") && (
          <>
            {" "}
            <Link to="/settings/audit">{t("kept.audit")}</Link>
          </>
        )}
      </p>
      {may(me, "settings") ? (
        <RetentionForm key={JSON.stringify(rules)} rules={rules} />
      ) : (
        <ul className="s2">
          {kinds.map((kind) => (
            <li key={kind}>
              {t(`kept.${kind}`)}: {term(rules[kind])}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
