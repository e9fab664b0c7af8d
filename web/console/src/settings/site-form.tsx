import { Button } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { CompanySite } from "@yingda/api/types";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { FormDialog } from "../lib/form-dialog";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { sites } from "./queries";
import { SiteLook } from "./site-look";
import { SitePlace } from "./site-place";
import { SiteService } from "./site-service";
import { SiteSteps } from "./site-steps";
import { steps, useSiteEditor, type Step } from "./use-site-editor";

/** Adds a site or edits one, in three steps: where it is, how its widget looks and what it says, and who serves it. */
export function SiteForm({ site, onClose }: { site: CompanySite | null; onClose(): void }) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const all = useQuery(sites).data?.items;
  // What the form begins with stays, whatever happens to the other site.
  const [like] = useState(() => (site ? null : (all?.[0] ?? null)));
  const { editor, lines, queues, queueOf, step, setStep, next } = useSiteEditor(site, like, onClose);
  const at = steps.indexOf(step);
  const before = steps[at - 1];
  // A new site is complete only with its last step.
  const goesOn = editor.base === null && at < steps.length - 1;
  const onward = (event: FormEvent) => {
    event.preventDefault();
    next();
  };
  const shown: typeof editor = goesOn ? { ...editor, submit: onward } : editor;
  const of = (one: Step) => ({
    id: `site-${one}`,
    role: "group",
    "aria-label": t(`step.${one}`),
    hidden: one !== step,
  });
  return (
    <FormDialog
      editor={shown}
      title={site ? t("site.edit", { name: say(site.name, language) }) : t("site.new")}
      lines={lines}
      width="46rem"
      saveWord={goesOn ? t("step.next") : undefined}
      acts={before && <Button onClick={() => setStep(before)}>{t("step.back")}</Button>}
    >
      <SiteSteps step={step} onStep={setStep} />
      <div {...of("place")} className="form">
        <SitePlace editor={editor} isNew={site === null} />
      </div>
      <div {...of("look")} className="form">
        {like && <p className="s2 t3">{t("look.copied", { name: say(like.name, language) })}</p>}
        <SiteLook editor={editor} />
      </div>
      <div {...of("service")} className="form">
        <SiteService editor={editor} queues={queues} queueOf={queueOf} />
      </div>
    </FormDialog>
  );
}
