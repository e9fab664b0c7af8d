/** Everything that is stored only with the reader's agreement: what it covers, since when they agree, and the way to change that. */
import { tellWanted } from "@yingda/api/recommending";
import type { ConsentView, Consents } from "@yingda/api/types";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAccount } from "../../account";
import { answer, consentsOf } from "../../consents/data";
import { useHallContext } from "../../context";
import { when } from "../../format";
import { forget, useResource } from "../../resource";
import { Refused, useAct } from "../../ui/form";
import { PageTitle } from "../../ui/page-title";
import { Boxes, Failed, Skeleton } from "../../ui/states";

function Purpose({
  of,
  onAnswer,
  busy,
}: {
  of: ConsentView;
  onAnswer(granted: boolean): void;
  busy: boolean;
}): JSX.Element {
  const { words } = useHallContext();
  const { t, lang } = words;
  const { purpose, granted, since } = of;
  const id = `consent-${purpose}`;
  const state = granted === null ? "unasked" : granted ? "given" : "refused";
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>{t(`account.consent_${purpose}`)}</h2>
      <p>{t(`account.consent_${purpose}_means`)}</p>
      <p class="strong" role="status">
        {t(`account.consent_${state}`, { time: since === null ? "" : when(since, lang) })}
      </p>
      <p class="row wrap-lines">
        {granted === true ? null : (
          <button type="button" class="btn primary" disabled={busy} onClick={() => onAnswer(true)}>
            {t("account.consent_give")}
          </button>
        )}
        {granted === false ? null : (
          <button type="button" class="btn" disabled={busy} onClick={() => onAnswer(false)}>
            {t(granted === null ? "account.consent_refuse" : "account.consent_withdraw")}
          </button>
        )}
      </p>
    </section>
  );
}

export function PrivacyPage(): JSX.Element {
  const { words, name } = useHallContext();
  const { t, lang } = words;
  const account = useAccount();
  const act = useAct();
  const [stored, setStored] = useState<Consents | null>(null);
  const isKnown = account !== undefined;
  const signedIn = account !== null && account !== undefined;
  const resource = useResource(isKnown ? `consents ${String(signedIn)}` : null, () => consentsOf(signedIn, lang));
  const found = stored ?? resource.data;
  const say = (view: ConsentView, wording: number) => (granted: boolean) =>
    void act.run(async () => {
      setStored(await answer(signedIn, { purpose: view.purpose, granted, wording }, lang));
      forget("consents ");
      forget("recommended ");
      if (view.purpose === "recommendations") tellWanted(granted);
    });
  const used = found?.purposes.filter((one) => one.used || one.granted !== null) ?? [];
  return (
    <div class="wrap">
      <PageTitle title={t("account.consent_title")}>
        <p class="lead">{t("account.consent_lead", { name })}</p>
      </PageTitle>
      <Refused act={act} fields={[]} />
      {resource.error ? (
        <Failed what="states.error_page" resource={resource} />
      ) : found === undefined ? (
        <Skeleton slow={resource.slow}>
          <Boxes count={3} class="account-bone" />
        </Skeleton>
      ) : found === null || used.length === 0 ? (
        <p class="card">{t("account.consent_none")}</p>
      ) : (
        <div class="consents">
          {used.map((one) => (
            <Purpose key={one.purpose} of={one} busy={act.busy} onAnswer={say(one, found.wording)} />
          ))}
          <p class="soft">{t("account.consent_proof")}</p>
        </div>
      )}
    </div>
  );
}
