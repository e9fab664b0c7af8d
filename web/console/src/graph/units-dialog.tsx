import { Button, Dialog, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { GraphUnit } from "@yingda/api/types";
import { useId, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { say } from "../lib/i18n";
import { LoadingRows } from "../lib/loading";
import { useRefused } from "../lib/mutations";
import { usePrefs } from "../lib/prefs";
import { toast } from "../lib/toast";
import { units, usePutUnit } from "./queries";

/** The unit of one property. */
function UnitRow({ unit }: { unit: GraphUnit }) {
  const { t } = useTranslation("curate");
  const { language } = usePrefs();
  const refused = useRefused();
  const put = usePutUnit();
  const id = useId();
  const [value, setValue] = useState(unit.unit);
  const label = say(unit.label, language);
  const changed = value.trim() !== unit.unit;
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!changed || put.isPending) return;
    put.mutate(
      { id: unit.id, unit: value.trim(), seen: unit.updated_at },
      { onSuccess: () => toast(t("graph.unit.saved", { label })), onError: refused },
    );
  };
  return (
    <li>
      <form className="graph-unit" onSubmit={save}>
        <label htmlFor={id}>
          <span className="b">
            <bdi>{label}</bdi>
          </span>
          <span className="s1 t3">
            {t("graph.unit.without", { count: unit.without })}
            {unit.given.length > 0 && <> · {t("graph.unit.given", { units: unit.given.join(", ") })}</>}
          </span>
        </label>
        <Input
          id={id}
          autoComplete="off"
          maxLength={20}
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
        <Button
          htmlType="submit"
          disabled={!changed}
          loading={put.isPending}
          aria-label={t("graph.unit.save", { label })}
        >
          {t("save")}
        </Button>
      </form>
    </li>
  );
}

/** Units of the properties for which data sheets give none. */
export function UnitsDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("curate");
  const { t: shell } = useTranslation("shell");
  const found = useQuery(units);
  const open = (found.data?.items ?? []).filter((unit) => unit.without > 0 || unit.unit !== "");
  return (
    <Dialog open title={t("graph.units")} closeLabel={shell("close")} onClose={onClose} placement="end" width="34rem">
      <div className="graph-units">
        <p className="t2">{t("graph.units.what")}</p>
        <Failed of={found} />
        {found.isPending && <LoadingRows rows={6} />}
        {found.isSuccess && open.length === 0 && <p className="t3">{t("graph.units.none")}</p>}
        <ul>
          {open.map((unit) => (
            <UnitRow key={`${unit.id} ${unit.updated_at}`} unit={unit} />
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
