import type { ApiToken } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { count, dayAndTime } from "../lib/format";
import { useGrantWords } from "../lib/grants";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { RowActs, type Act } from "../lib/row-acts";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { useRevokeToken } from "./queries";

const tagOf: Record<ApiToken["state"], string> = { active: "tag ok", expired: "tag warn", revoked: "tag" };

/** What a token may do, in words. */
function Permissions({ of }: { of: ApiToken }) {
  const { t } = useTranslation("tokens");
  const words = useGrantWords();
  return (
    <ul className="row wrap" aria-label={t("field.permissions")}>
      {of.permissions.map((grant) => (
        <li key={grant.permission} className="tag">
          {words(grant)}
        </li>
      ))}
    </ul>
  );
}

/** One token: what it may do, from where, until when, and how it was used. */
export function TokenCard({ token, onRotate }: { token: ApiToken; onRotate(): void }) {
  const { t } = useTranslation("tokens");
  const { language } = usePrefs();
  const text = useProblemText();
  const revoke = useRevokeToken();
  const zone = useMe().time_zone;
  const at = (time: number) => dayAndTime(time, zone);
  const acts: Act[] =
    token.state === "revoked"
      ? []
      : [
          { word: t("rotate"), run: onRotate },
          {
            word: t("revoke"),
            disabled: revoke.isPending,
            asks: { ask: t("revoke.ask", { name: token.name }), what: t("revoke.what"), danger: true },
            run: () =>
              revoke.mutate(token.id, {
                onSuccess: () => toast(t("revoked.done")),
                onError: (error) => toast(text(error), "hot"),
              }),
          },
        ];
  const facts = [
    token.revoked_at !== null
      ? t("revoked", { name: token.revoked_by ?? "", time: at(token.revoked_at) })
      : token.expires_at === null
        ? t("expires.never")
        : t("expires", { time: at(token.expires_at) }),
    token.last_used_at === null ? t("unused") : t("used", { time: at(token.last_used_at) }),
    t("made", { name: token.made_by, time: at(token.created_at) }),
    ...(token.old_secret_until === null ? [] : [t("overlap", { time: at(token.old_secret_until) })]),
  ];
  return (
    <li className="card token-card" aria-label={token.name}>
      <div className="row">
        <div className="row wrap grow">
          <span className={tagOf[token.state]}>{t(`state.${token.state}`)}</span>
          <b dir="auto">{token.name}</b>
          <code className="token-hint">{token.hint}</code>
        </div>
        {acts.length > 0 && <RowActs name={token.name} acts={acts} />}
      </div>
      <Permissions of={token} />
      <p className="s2 t3">
        {token.ranges.length === 0 ? t("ranges.all") : t("ranges.only", { ranges: token.ranges.join(" ") })}
      </p>
      <ul className="s2 t3 token-facts" aria-label={t("facts")}>
        {facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      {token.refused_why !== null && token.refused_at !== null && (
        <p className="notice warn">
          {t(`refused.${token.refused_why}`, {
            count: token.refused,
            n: count(token.refused, language),
            time: at(token.refused_at),
          })}
        </p>
      )}
    </li>
  );
}
