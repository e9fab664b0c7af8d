import { Button, Dialog, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Bilingual, FloorSettings } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { BilingualField } from "../lib/bilingual";
import { floorSettings } from "../lib/directory";
import { Failed } from "../lib/failed";
import { Field, type Faults } from "../lib/field";
import { ConflictView, FormFault } from "../lib/form-dialog";
import { LoadingCards } from "../lib/loading";
import { useChange } from "../lib/mutations";
import { Page } from "../lib/page";
import { Switched } from "../lib/switched";
import { useEditor } from "../lib/use-editor";
import "../settings/settings.css";

type Level = FloorSettings["slow_reply"]["level"];
const levels: readonly Level[] = ["notice", "warning", "urgent"];
/** The most reasons for a break, as on the server. */
const mostReasons = 20;

const two = (n: number) => String(n).padStart(2, "0");
const timeOf = (minute: number | undefined) =>
  minute === undefined ? "" : `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
function minuteOf(time: string): number | null {
  const found = /^(\d\d):(\d\d)$/.exec(time);
  return found ? Number(found[1]) * 60 + Number(found[2]) : null;
}

const fieldsOf = (of: FloorSettings | null) => ({
  tells: of?.tells_of_listening ?? true,
  slow: String(of?.slow_reply.after_s ?? ""),
  slow_level: of?.slow_reply.level ?? ("warning" as Level),
  long: String(of?.long_wait.after_s ?? ""),
  long_level: of?.long_wait.level ?? ("warning" as Level),
  from: timeOf(of?.quiet?.from),
  until: timeOf(of?.quiet?.until),
  reasons: of?.break_reasons ?? [],
});
type Fields = ReturnType<typeof fieldsOf>;

function quietOf({ from, until }: Fields) {
  const [begin, end] = [minuteOf(from), minuteOf(until)];
  return begin === null || end === null ? null : { from: begin, until: end };
}
const thresholdOf = (after: string, level: Level) => ({ after_s: after.trim() === "" ? null : Number(after), level });
const isAfter = (after: string) => after.trim() === "" || (/^\d+$/.test(after) && +after >= 10 && +after <= 3600);

/** After how many seconds an alert is raised, and how urgent it is. */
function ThresholdFields({
  label,
  error,
  after,
  level,
  onChange,
}: {
  label: string;
  error: string | undefined;
  after: string;
  level: Level;
  onChange(after: string, level: Level): void;
}) {
  const { t } = useTranslation("rules");
  return (
    <div className="form-two">
      <Field label={label} hint={t("after.hint")} error={error}>
        {(ids) => (
          <Input {...ids} inputMode="numeric" value={after} onChange={(event) => onChange(event.target.value, level)} />
        )}
      </Field>
      <Field label={t("level.of", { label })}>
        {({ status: _, ...ids }) => (
          <select {...ids} value={level} onChange={(event) => onChange(after, event.target.value as Level)}>
            {levels.map((one) => (
              <option key={one} value={one}>
                {t(`level.${one}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  );
}

function Reasons({
  value,
  faults,
  onChange,
}: {
  value: readonly Bilingual[];
  faults: Faults;
  onChange(value: Bilingual[]): void;
}) {
  const { t } = useTranslation("rules");
  return (
    <section className="card settings-one" aria-label={t("reasons")}>
      <b>{t("reasons")}</b>
      <p className="s2 t3">{t("reasons.what")}</p>
      {faults.break_reasons && (
        <p className="field-error" role="alert">
          {faults.break_reasons}
        </p>
      )}
      {value.map((one, index) => (
        <div key={index}>
          <BilingualField
            label={t("reason", { n: index + 1 })}
            name={`reason${index}`}
            value={one}
            faults={faults}
            max={80}
            onChange={(next) => onChange(value.map((old, at) => (at === index ? next : old)))}
          />
          <button
            type="button"
            className="y-text-button"
            onClick={() => onChange(value.filter((_, at) => at !== index))}
          >
            {t("reason.remove", { n: index + 1 })}
          </button>
        </div>
      ))}
      {value.length < mostReasons && (
        <div>
          <Button onClick={() => onChange([...value, { zh: "", en: "" }])}>{t("reason.add")}</Button>
        </div>
      )}
    </section>
  );
}

const current = () => call("GET", "/floor/settings");

function useRulesEditor(value: FloorSettings) {
  const { t } = useTranslation("rules");
  const change = useChange([floorSettings.queryKey], (of: { fields: Fields; seen: number }) => {
    const { tells, slow, slow_level, long, long_level, reasons } = of.fields;
    return call("PUT", "/floor/settings", {
      body: {
        tells_of_listening: tells,
        slow_reply: thresholdOf(slow, slow_level),
        long_wait: thresholdOf(long, long_level),
        quiet: quietOf(of.fields),
        break_reasons: [...reasons],
        seen: of.seen,
      },
    });
  });
  return useEditor({
    record: value,
    fieldsOf,
    shows: ["slow_reply", "long_wait", "quiet", "break_reasons"],
    check: ({ slow, long, from, until, reasons }) => ({
      slow_reply: !isAfter(slow) && t("after.wrong"),
      long_wait: !isAfter(long) && t("after.wrong"),
      quiet: ((from === "") !== (until === "") || (from !== "" && from === until)) && t("quiet.wrong"),
      break_reasons: reasons.some(({ zh, en }) => zh.trim() === "" || en.trim() === "") && t("reasons.wrong"),
    }),
    save: (fields, base) => change.mutateAsync({ fields, seen: (base ?? value).updated_at }),
    current,
    saved: () => t("saved"),
    stays: (saved) => saved,
  });
}

function RulesForm({ value }: { value: FloorSettings }) {
  const { t } = useTranslation("rules");
  const { t: kit } = useTranslation("kit");
  const editor = useRulesEditor(value);
  const { fields, set, faults, busy, conflict } = editor;
  const time = (name: "from" | "until") => (
    <Field label={t(`quiet.${name}`)} error={faults.quiet}>
      {(ids) => (
        <Input {...ids} type="time" value={fields[name]} onChange={(e) => set({ [name]: e.target.value }, "quiet")} />
      )}
    </Field>
  );
  return (
    <form ref={editor.form} className="form settings-page-form" onSubmit={editor.submit} noValidate>
      <section className="card settings-one" aria-label={t("listening")}>
        <Switched
          label={t("tells")}
          hint={t(fields.tells ? "tells.on" : "tells.off")}
          value={fields.tells}
          onChange={(tells) => set({ tells })}
        />
      </section>
      <section className="card settings-one" aria-label={t("alerts")}>
        <b>{t("alerts")}</b>
        <p className="s2 t3">{t("alerts.what")}</p>
        <ThresholdFields
          label={t("slow")}
          error={faults.slow_reply}
          after={fields.slow}
          level={fields.slow_level}
          onChange={(slow, slow_level) => set({ slow, slow_level }, "slow_reply")}
        />
        <ThresholdFields
          label={t("long")}
          error={faults.long_wait}
          after={fields.long}
          level={fields.long_level}
          onChange={(long, long_level) => set({ long, long_level }, "long_wait")}
        />
        <p className="s2 t3">{t("quiet.what")}</p>
        <div className="form-two">
          {time("from")}
          {time("until")}
        </div>
      </section>
      <Reasons value={fields.reasons} faults={faults} onChange={(reasons) => set({ reasons }, "break_reasons")} />
      <FormFault faults={faults} />
      <div className="row settings-acts">
        <Button type="primary" htmlType="submit" loading={busy}>
          {kit("save")}
        </Button>
      </div>
      {conflict !== null && (
        <Dialog open title={t("title")} closeLabel={t("close")} onClose={editor.back} width="46rem">
          <ConflictView
            editor={editor}
            lines={(of) => [
              { label: t("tells"), value: t(of.tells ? "yes" : "no") },
              { label: t("slow"), value: of.slow },
              { label: t("long"), value: of.long },
              { label: t("quiet"), value: of.from === "" ? "" : `${of.from} – ${of.until}` },
              { label: t("reasons"), value: of.reasons.map(({ zh, en }) => `${zh} / ${en}`).join(", ") },
            ]}
          />
        </Dialog>
      )}
    </form>
  );
}

/** What the company decides for its floor: whether agents see who listens, when an alert is raised, and the reasons for a break. */
export function FloorRulesPage() {
  const { t } = useTranslation("rules");
  const found = useQuery(floorSettings);
  const [shown, setShown] = useState<FloorSettings | null>(null);
  // What is being edited stays until it is saved.
  if (found.data && shown === null) setShown(found.data);
  return (
    <Page title={t("title")} about={t("about")}>
      <Failed of={found} />
      {found.isPending && (
        <LoadingCards cards={3} lines={3} className="form settings-page-form" card="card settings-one" />
      )}
      {shown && <RulesForm value={shown} />}
    </Page>
  );
}
