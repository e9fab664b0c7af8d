import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { call } from "@yingda/api/client";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useProblemText } from "../lib/problem";
import { forgetPerson, meQuery } from "../lib/session";
import { rememberCompany } from "./company";
import { SignInFrame } from "./frame";
import { takeNext } from "./next";

/** Where the identity provider sends the browser back to: signs in with what it added to the address, once. */
export function CameBackPage() {
  const { t } = useTranslation("signin");
  const text = useProblemText();
  const queryClient = useQueryClient();
  const router = useRouter();
  const search = useSearch({ from: "/single-sign-on" });
  const [back] = useState(search);
  const finished = useQuery({
    queryKey: ["single-sign-on-finish", back.state],
    staleTime: Infinity,
    retry: false,
    queryFn: () => call("POST", "/auth/single-sign-on/finish", { body: { ...back, state: back.state ?? "" } }),
  });
  const me = finished.data;
  useEffect(() => {
    if (!me) return;
    rememberCompany(me.tenant.key);
    forgetPerson(queryClient);
    queryClient.setQueryData(meQuery.queryKey, me);
    const next = takeNext();
    if (next?.startsWith("/") && !next.startsWith("//")) router.history.replace(`/console${next}`);
    else void router.navigate({ to: "/", replace: true });
  }, [me, queryClient, router]);
  return (
    <SignInFrame title={t("sso.page")}>
      {finished.isError ? (
        <div>
          <h1>{t("sso.unusable")}</h1>
          <p role="alert">{text(finished.error)}</p>
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
