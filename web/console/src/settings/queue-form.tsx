import { Button, Dialog } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { Bilingual, Queue } from "@yingda/api/types";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { Conflict, metBy, type Line, type Other } from "../lib/conflict";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { colleagues } from "../desk/queries";
import { BilingualField, FormFaults, useBilingualLines, useFaultsOf, type Faults } from "./field";
import { officeHours } from "./hours";
import { cleanHours, HoursEditor, useHoursInWords } from "./hours-editor";
import { MemberPicker } from "./member-picker";
import { currentQueue, useChangeQueue, useCreateQueue, type QueueFields } from "./queries";
import { Unattended, unattendedBy } from "./unattended";

/** Adds a queue or edits one: its name, who serves it, when it is open. */
export function QueueForm({ queue, onClose }: { queue: Queue | null; onClose(): void }) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const me = useMe();
  const faultsOf = useFaultsOf();
  const staff = useQuery(colleagues).data?.agents ?? [];
  const create = useCreateQueue();
  const change = useChangeQueue();
  const [base, setBase] = useState(queue);
  const [name, setName] = useState(queue?.name ?? { zh: "", en: "" });
  const [everybody, setEverybody] = useState(queue?.everybody ?? true);
  const [members, setMembers] = useState<readonly string[]>(queue?.members ?? []);
  const [own, setOwn] = useState(queue !== null && queue.hours !== null);
  const [hours, setHours] = useState(queue?.hours ?? officeHours());
  const [faults, setFaults] = useState<Faults>({});
  const [other, setOther] = useState<Other<Queue> | null>(null);
  const [unattended, setUnattended] = useState<readonly Bilingual[] | null>(null);
  const bilingual = useBilingualLines();
  const hoursInWords = useHoursInWords();
  const busy = create.isPending || change.isPending;

  const mine = (): QueueFields => ({ name, everybody, members: [...members], hours: own ? cleanHours(hours) : null });
  const show = (of: Queue) => {
    setBase(of);
    setName(of.name);
    setEverybody(of.everybody);
    setMembers(of.members);
    setOwn(of.hours !== null);
    if (of.hours) setHours(of.hours);
  };
  const save = async (over: Queue | null, confirm = false) => {
    const found: Record<string, string> = {};
    if (name.zh.trim() === "" && name.en.trim() === "") found.name = t("fault.either");
    if (!over && !everybody && members.length === 0) found.members = t("fault.members");
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    try {
      if (over) await change.mutateAsync({ id: over.id, change: { ...mine(), confirm, seen: over.updated_at } });
      else await create.mutateAsync({ ...mine(), confirm });
      toast(t("saved"));
      onClose();
    } catch (error) {
      try {
        const met = over && (await metBy(error, () => currentQueue(over.id)));
        if (met) {
          setOther(met);
          return;
        }
      } catch (reason) {
        setFaults(faultsOf(reason, []));
        return;
      }
      const left = unattendedBy(error);
      if (left) setUnattended(left);
      else setFaults(faultsOf(error, ["name", "members", "hours"]));
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) void save(base);
  };
  const who = (ids: readonly string[]) => {
    const chosen = new Set(ids);
    return staff
      .filter((one) => chosen.has(one.id))
      .map((one) => one.name)
      .join(language === "en" ? ", " : "、");
  };
  const lines = (of: QueueFields): Line[] => [
    ...bilingual(t("field.queue_name"), of.name, true),
    { label: t("queue.who"), value: of.everybody ? t("queue.everybody") : who(of.members) },
    { label: t("queue.open"), value: of.hours === null ? t("hours.as_company") : hoursInWords(of.hours) },
  ];

  return (
    <Dialog
      open
      title={queue ? t("queue.edit") : t("queue.new")}
      closeLabel={t("close")}
      onClose={onClose}
      width="46rem"
    >
      {other !== null ? (
        <Conflict
          mine={lines(mine())}
          theirs={other === "deleted" ? null : lines(other)}
          onTheirs={() => {
            if (other === "deleted") onClose();
            else {
              show(other);
              setOther(null);
            }
          }}
          onMine={() => {
            const over = other === "deleted" ? null : other;
            setBase(over);
            setOther(null);
            void save(over);
          }}
        />
      ) : unattended !== null ? (
        <Unattended
          queues={unattended}
          act={t("unattended.save")}
          busy={busy}
          onBack={() => setUnattended(null)}
          onConfirm={() => {
            setUnattended(null);
            void save(base, true);
          }}
        />
      ) : (
        <form className="settings-form" onSubmit={submit} noValidate>
          <BilingualField
            label={t("field.queue_name")}
            name="name"
            value={name}
            faults={faults}
            max={40}
            onChange={setName}
          />
          <div className="settings-form">
            <span className="row wrap">
              <span className="t2 s2">{t("queue.who")}</span>
              <Choice
                label={t("queue.who")}
                value={everybody ? "all" : "some"}
                options={[
                  { value: "all", word: t("queue.everybody") },
                  { value: "some", word: t("queue.these") },
                ]}
                onChange={(next) => setEverybody(next === "all")}
              />
            </span>
            {!everybody && <MemberPicker staff={staff} chosen={members} error={faults.members} onChange={setMembers} />}
          </div>
          <span className="row wrap">
            <span className="t2 s2">{t("queue.open")}</span>
            <Choice
              label={t("queue.open")}
              value={own ? "own" : "company"}
              options={[
                { value: "company", word: t("hours.as_company") },
                { value: "own", word: t("hours.own") },
              ]}
              onChange={(next) => setOwn(next === "own")}
            />
          </span>
          {own && <HoursEditor value={hours} zone={me.time_zone} faults={faults} onChange={setHours} />}
          <FormFaults faults={faults} />
          <div className="row settings-acts">
            <Button onClick={onClose}>{t("cancel")}</Button>
            <Button type="primary" htmlType="submit" loading={busy}>
              {t("save")}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
