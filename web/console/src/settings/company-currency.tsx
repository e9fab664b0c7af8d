import { nameOf, signOf, currencies } from "@yingda/api/money";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "../lib/confirm";
import { Field } from "../lib/field";
import { useRefused } from "../lib/mutations";
import { usePrefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { useSetCurrency } from "./queries";

/** The currency of all prices and fees, for those who may set prices. */
export function CompanyCurrency() {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const me = useMe();
  const refuse = useRefused();
  const set = useSetCurrency();
  const [chosen, setChosen] = useState(me.currency);
  if (!may(me, "goods.prices")) return null;
  const words = (code: string) => `${code} · ${signOf(code)} · ${nameOf(code, language)}`;
  return (
    <section className="card settings-one settings-page-form" aria-label={t("currency.title")}>
      <b>{t("currency.title")}</b>
      <Field label={t("currency.of_prices")} hint={t("currency.hint")}>
        {({ status: _, ...ids }) => (
          <select {...ids} value={chosen} onChange={(event) => setChosen(event.target.value)}>
            {Object.keys(currencies).map((code) => (
              <option key={code} value={code}>
                {words(code)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {chosen !== me.currency && (
        <div className="row settings-acts">
          <Confirm
            ask={t("currency.ask", { currency: chosen })}
            what={t("currency.what")}
            act={t("currency.change")}
            onConfirm={() =>
              set.mutate(chosen, {
                onSuccess: () => toast(t("currency.changed", { currency: chosen })),
                onError: refuse,
              })
            }
          >
            {t("currency.change")}
          </Confirm>
        </div>
      )}
    </section>
  );
}
