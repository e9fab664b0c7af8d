import { useTranslation } from "react-i18next";
import { steps, type Step } from "./use-site-editor";

/** The steps of the form by name: each can be opened at any time. */
export function SiteSteps({ step, onStep }: { step: Step; onStep(step: Step): void }) {
  const { t } = useTranslation("settings");
  return (
    <nav aria-label={t("steps")}>
      <ol className="site-steps">
        {steps.map((one, at) => (
          <li key={one}>
            <button type="button" aria-current={one === step ? "step" : undefined} onClick={() => onStep(one)}>
              <span className="site-step-number" aria-hidden="true">
                {at + 1}
              </span>
              {t(`step.${one}`)}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
