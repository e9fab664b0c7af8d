import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Press } from "../lib/press";
import { isProblem, useFailureText } from "../lib/problem";
import { Starting } from "../shell/states";
import { SignInFrame } from "../sign-in/frame";
import { EnterPage } from "./enter-page";
import { operatorSession } from "./queries";
import { InstallationPage } from "./installation-page";

/** The pages of whoever runs the installation: what leads in, or what is inside. */
export function OperatorPage() {
  const { t } = useTranslation("operator");
  const { t: shell } = useTranslation("shell");
  const text = useFailureText();
  const session = useQuery(operatorSession);
  const [token, setToken] = useState(() => location.hash.slice(1));
  if (session.isPending) return <Starting />;
  if (isProblem(session.error, "not_signed_in") || isProblem(session.error, "not_found"))
    return (
      <EnterPage
        token={token}
        isHere={!isProblem(session.error, "not_found")}
        onEntered={() => {
          setToken("");
          // The secret is used up, and nobody needs it in the history.
          history.replaceState(history.state, "", location.pathname);
          void session.refetch();
        }}
      />
    );
  if (session.data) return <InstallationPage />;
  return (
    <SignInFrame title={t("title")} invites={false}>
      <p className="notice hot" role="alert">
        {text(session.error)}
      </p>
      <Press busy={session.isFetching} onClick={() => void session.refetch()}>
        {shell("failure.again")}
      </Press>
    </SignInFrame>
  );
}
