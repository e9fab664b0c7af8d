import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { CheckGroup } from "../lib/check-group";
import { Failed } from "../lib/failed";
import { LoadingCards } from "../lib/loading";
import { useRefused } from "../lib/mutations";
import { Page } from "../lib/page";
import { useRoles, useRoleWord } from "../lib/roles";
import { toast } from "../lib/toast";
import { AddressRules } from "./address-rules";
import { signInRules, useSetSignInRules } from "./queries";
import "./settings.css";

/** What the company requires of a sign-in; a change counts from each member's next sign-in on. */
export function SignInRulesPage() {
  const { t } = useTranslation("settings");
  const roles = useRoles();
  const roleWord = useRoleWord();
  const found = useQuery(signInRules);
  const set = useSetSignInRules();
  const refuse = useRefused();
  return (
    <Page title={t("signin.title")} data-tour="sign_in" about={t("signin.about")}>
      <Failed of={found} />
      {found.isPending && (
        <LoadingCards cards={1} lines={3} className="form settings-page-form" card="card settings-one" />
      )}
      {found.data && (
        <section className="card settings-one settings-page-form" aria-label={t("signin.second")}>
          <CheckGroup
            legend={t("signin.second")}
            options={roles.map(({ id, name }) => ({ id, label: roleWord(id, name) }))}
            chosen={set.isPending ? set.variables.second_step_for : found.data.second_step_for}
            below={<p className="s2 t3">{t("signin.second.what")}</p>}
            onChange={(second_step_for) =>
              set.mutate({ second_step_for }, { onSuccess: () => toast(t("saved.now")), onError: refuse })
            }
          />
        </section>
      )}
      <AddressRules />
    </Page>
  );
}
