import { headset } from "@yingda/tokens/icons.ts";
import { h } from "../dom";
import { say, setSound, ui } from "../app";
import { t } from "../text";
import { Button, Icon } from "./parts";

const USER = "M8 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0M4.500 20c.8-4 3.800-6 7.500-6s6.700 2 7.500 6";
const minutes = (ms: number) => Math.max(1, Math.round(ms / 60000));

/** People ahead, the wait as a point and a range. No number where nothing is known. */
export function QueueBlock() {
  const p = ui.c.place;
  if (!p) return null;
  const { ahead, eta_low_ms: low, eta_high_ms: high } = p;
  return (
    <div class="qn" role="status">
      {!p.staffed ? (
        <b>{t("queue.unstaffed")}</b>
      ) : ahead ? (
        <div>
          <div class="t2">{t("queue.ahead")}</div>
          <div class="big">{t("queue.people", { n: ahead })}</div>
        </div>
      ) : (
        <b class="big">{t("queue.next")}</b>
      )}
      <div class="people" aria-hidden="true">
        <i class="desk">
          <Icon d={headset} />
        </i>
        {Array.from({ length: Math.min(5, ahead) }, () => (
          <i>
            <Icon d={USER} />
          </i>
        ))}
        <i class="self">
          <Icon d={USER} />
        </i>
      </div>
      {p.staffed && low !== null && high !== null && (
        <div>
          <b>{high < 60000 ? t("queue.soon") : t("queue.about", { n: minutes((low + high) / 2) })}</b>
          {minutes(low) < minutes(high) && <div class="meta">{t("queue.range", { low: minutes(low), high: minutes(high) })}</div>}
        </div>
      )}
      <div class="meta">{t("queue.live")}</div>
    </div>
  );
}

/** The two things to do while waiting stand above the composer. */
export function QueueActions() {
  return (
    <div class="row wait">
      <Button kind="s" pressed={ui.sound} press={() => setSound(!ui.sound)}>
        {t("queue.sound")}
      </Button>
      <Button kind="s q" press={() => say({ type: "leave_queue" })}>
        {t("queue.leave")}
      </Button>
    </div>
  );
}
