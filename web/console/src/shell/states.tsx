import { Link, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Press } from "../lib/press";
import { isProblem, useProblemText } from "../lib/problem";
import { RequestId } from "../lib/request-id";
import { useTitle } from "../lib/use-title";

export function Starting() {
  const { t } = useTranslation("shell");
  return (
    <div className="state-page" role="status">
      <p>{t("starting")}</p>
    </div>
  );
}

/** A page that cannot be shown: what happened and what to do; the request's id is behind the details. */
export function Failure({ error }: { error: unknown }) {
  const { t } = useTranslation("shell");
  const text = useProblemText();
  const router = useRouter();
  useTitle(t("failure.title"));
  const again = () => (isProblem(error, "upgrade_required") ? location.reload() : void router.invalidate());
  return (
    <main className="state-page">
      <h1>{t("failure.title")}</h1>
      <p>{text(error)}</p>
      <Press onClick={again}>{t("failure.again")}</Press>
      <RequestId error={error} />
    </main>
  );
}

/** A page that this member may not see, shown within the frame so that the member's own pages can still be opened. */
export function NotYours() {
  const { t } = useTranslation("shell");
  const text = useProblemText();
  return (
    <div className="state-page">
      <h1>{t("failure.title")}</h1>
      <p role="alert">{text("not_permitted")}</p>
    </div>
  );
}

export function NotFound() {
  const { t } = useTranslation("shell");
  useTitle(t("not_found.title"));
  return (
    <main className="state-page">
      <h1>{t("not_found.title")}</h1>
      <Link to="/">{t("not_found.home")}</Link>
    </main>
  );
}
