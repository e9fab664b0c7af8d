import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { useRefused } from "../lib/mutations";
import { may, useMe } from "../lib/session";
import { Switched } from "../lib/switched";
import { toast } from "../lib/toast";
import { consentSettings, useSetConsentSettings } from "./queries";

const purposes = ["pages", "profile"] as const;

/** What the company keeps of people who agree to it. */
export function Uses() {
  const { t } = useTranslation("privacy");
  const me = useMe();
  const read = useQuery(consentSettings);
  const found = read.data;
  const set = useSetConsentSettings();
  const refuse = useRefused();
  if (!found) return <Failed of={read} />;
  return (
    <section className="card form" aria-labelledby="uses">
      <h2 id="uses">{t("uses")}</h2>
      <p className="s2 t3">{t("uses.about")}</p>
      {purposes.map((purpose) =>
        may(me, "settings") ? (
          <Switched
            key={purpose}
            label={t(`uses.${purpose}`)}
            hint={t(`uses.${purpose}.hint`)}
            value={found[purpose]}
            onChange={(on) =>
              set.mutate({ ...found, [purpose]: on }, { onSuccess: () => toast(t("four_eyes.saved")), onError: refuse })
            }
          />
        ) : (
          <p key={purpose}>
            <b>{t(`uses.${purpose}`)}</b> <span className="s2 t3">{t(found[purpose] ? "uses.on" : "uses.off")}</span>
          </p>
        ),
      )}
      <p className="s2 t3">{t("uses.recommendations")}</p>
    </section>
  );
}
