import { redo } from "@yingda/tokens/icons";
import type { ComponentChildren, JSX } from "preact";
import { useWords } from "../context";
import type { Key } from "../i18n";
import type { Resource } from "../resource";
import { Icon } from "./icon";

/** Grey shapes in the final size. They appear after 200 ms (CSS), so that a quick answer never flickers. */
export function Skeleton({ slow, children }: { slow: boolean; children: ComponentChildren }): JSX.Element {
  const { t } = useWords();
  return (
    <div class="waiting">
      <p class={slow ? "slow" : "sr"} role="status">
        {slow ? t("states.slow") : t("states.loading")}
      </p>
      <div aria-hidden="true">{children}</div>
    </div>
  );
}

/** `count` grey boxes of one class. */
export function Boxes({ count, class: name }: { count: number; class: string }): JSX.Element {
  return (
    <>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} class={`bone ${name}`} />
      ))}
    </>
  );
}

/** A part that could not be read: what failed, what still works, why, and a way to try again. */
export function Failed({
  what,
  resource,
}: {
  what: Key;
  resource: Pick<Resource<unknown>, "error" | "retry">;
}): JSX.Element {
  const { t, maybe } = useWords();
  const { error, retry } = resource;
  const isOld = error?.code === "upgrade_required";
  return (
    <div class="failed" role="alert">
      <p class="strong">{t(what)}</p>
      <p>{maybe(`states.code_${error?.code ?? "other"}`) ?? t("states.code_other")}</p>
      <div class="row wrap-lines">
        <button type="button" class="btn" onClick={isOld ? () => location.reload() : retry}>
          <Icon d={redo} />
          {t(isOld ? "states.reload" : "states.retry")}
        </button>
        {error?.requestId ? (
          <details>
            <summary>{t("states.details")}</summary>
            <code>{t("states.request_id", { id: error.requestId })}</code>
          </details>
        ) : null}
      </div>
    </div>
  );
}

export function Empty({ text, children }: { text: string; children?: ComponentChildren }): JSX.Element {
  return (
    <div class="empty">
      <p>{text}</p>
      {children ? <div class="row wrap-lines">{children}</div> : null}
    </div>
  );
}
