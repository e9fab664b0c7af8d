import { home } from "@yingda/api/home";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams, useRouter, useSearch } from "@tanstack/react-router";
import { call } from "@yingda/api/client";
import type { Me } from "@yingda/api/types";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useProblemText } from "../lib/problem";
import { forgetPerson, meQuery } from "../lib/session";
import { SignInFrame } from "./frame";
import { SecondStep } from "./later";
import { takeNext } from "./next";
import { isAsked } from "./use-enter";

/** Where the identity provider sends the browser back to: signs in with what it added to the address, once; the second step follows where it is asked for. */
export function CameBackPage() {
  const { t } = useTranslation("signin");
  const text = useProblemText();
  const queryClient = useQueryClient();
  const router = useRouter();
  const { company } = useParams({ from: "/single-sign-on/$company" });
  const search = useSearch({ from: "/single-sign-on/$company" });
  const [back] = useState(search);
  const [entered, setEntered] = useState<Me | null>(null);
  const [over, setOver] = useState<unknown>(null);
  const finished = useQuery({
    queryKey: ["single-sign-on-finish", back.state],
    staleTime: Infinity,
    retry: false,
    queryFn: () => call("POST", "/auth/single-sign-on/finish", { body: { company, ...back, state: back.state ?? "" } }),
  });
  const asked = finished.data && isAsked(finished.data) ? finished.data : null;
  const me = finished.data && !isAsked(finished.data) ? finished.data : entered;
  useEffect(() => {
    if (!me) return;
    forgetPerson(queryClient);
    queryClient.setQueryData(meQuery.queryKey, me);
    const next = takeNext();
    if (next?.startsWith("/") && !next.startsWith("//")) router.history.replace(`${home}/console${next}`);
    else void router.navigate({ to: "/", replace: true });
  }, [me, queryClient, router]);
  const failure = over ?? finished.error;
  if (asked && !me && !failure)
    return (
      <SignInFrame title={t("sso.page")}>
        <SecondStep
          asked={asked}
          onEntered={setEntered}
          onOver={(reason) =>
            reason === null ? void router.navigate({ to: "/sign-in", search: {}, replace: true }) : setOver(reason)
          }
        />
      </SignInFrame>
    );
  return (
    <SignInFrame title={t("sso.page")}>
      {failure ? (
        <div>
          <h1>{t("sso.unusable")}</h1>
          <p role="alert">{text(failure)}</p>
          <Link to="/sign-in" search={{}}>
            {t("sso.back")}
          </Link>
        </div>
      ) : (
        <p className="t2" role="status">
          {t("sso.checking")}
        </p>
      )}
    </SignInFrame>
  );
}
