import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Press } from "../lib/press";
import { useProblemText } from "../lib/problem";
import { SignInFrame } from "../sign-in/frame";
import { AddressStep } from "./address-step";
import { CompanyStep } from "./company-step";
import type { Draft } from "./draft";
import { openingOffer, type OpeningRequested } from "./queries";

/** Opens a company of one's own: a code is sent to an address, and whoever has it names the company. */
export function OpenCompanyPage() {
  const { t } = useTranslation("opening");
  const { t: signIn } = useTranslation("signin");
  const text = useProblemText();
  const offer = useQuery(openingOffer);
  const [draft, setDraft] = useState<Draft>({ email: "", name: "", slug: null });
  const [asked, setAsked] = useState<OpeningRequested | null>(null);
  const set = (change: Partial<Draft>) => setDraft((now) => ({ ...now, ...change }));
  return (
    <SignInFrame title={t("title")} invites={false}>
      <div className="signin-ways">
        <div>
          <h1>{t("title")}</h1>
          {offer.data?.offered && <p>{t("what")}</p>}
        </div>
        {offer.isPending && (
          <p className="t2" role="status">
            {t("asking")}
          </p>
        )}
        {offer.isError && (
          <>
            <p className="notice hot" role="alert">
              {text(offer.error)}
            </p>
            <Press busy={offer.isFetching} onClick={() => void offer.refetch()}>
              {t("retry")}
            </Press>
          </>
        )}
        {offer.data?.offered === false && <p role="status">{t("not_offered")}</p>}
        {offer.data?.offered &&
          (asked === null ? (
            <AddressStep draft={draft} set={set} onSent={setAsked} />
          ) : (
            <CompanyStep
              draft={draft}
              set={set}
              asked={asked}
              below={offer.data.below}
              onAgain={() => setAsked(null)}
            />
          ))}
        <p className="s2">
          <Link to="/sign-in" search={{}}>
            {signIn("forgot.back")}
          </Link>
        </p>
      </div>
    </SignInFrame>
  );
}
