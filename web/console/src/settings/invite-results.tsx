import { Button, Input } from "@yingda/antd";
import type { InvitationResult } from "@yingda/api/types";
import { useRef, useState, type ComponentRef } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { useProblemText } from "../lib/problem";
import { toast } from "../lib/toast";

/** What became of the invitations, and the links to hand over, the only time they are shown. */
export function InviteResults({ results }: { results: readonly InvitationResult[] }) {
  const { t } = useTranslation("settings");
  const problem = useProblemText();
  const box = useRef<ComponentRef<typeof Input.TextArea>>(null);
  const [copied, setCopied] = useState(false);
  const done = results.filter(({ outcome }) => outcome === "invited");
  const left = results.filter(({ outcome }) => outcome !== "invited");
  const links = done.filter(({ link }) => link !== null).map(({ email, link }) => `${email}\t${link ?? ""}`);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(links.join("\n"));
      setCopied(true);
    } catch {
      box.current?.focus({ cursor: "all" });
      toast(t("copy.failed"), "hot");
    }
  };
  const whyNot = (code: (typeof left)[number]["code"]) => {
    if (code === "not_permitted") return t("many.not_permitted");
    return code === "too_many_requests" || code === "seat_limit_reached" ? problem(code) : t("many.invalid");
  };
  return (
    <>
      <p role="status">{t("many.done", { count: done.length, left: left.length })}</p>
      {left.length > 0 && (
        <ul className="settings-rows">
          {left.map((one) => (
            <li key={one.email}>
              <bdi>{one.email}</bdi>{" "}
              <span className="s2 t2">
                {one.outcome === "member"
                  ? t("many.member")
                  : t("many.refused", {
                      why: whyNot(one.code),
                    })}
              </span>
            </li>
          ))}
        </ul>
      )}
      {links.length === 0 ? (
        done.length > 0 && <p className="s2 t2">{t("many.mailed")}</p>
      ) : (
        <>
          <p className="notice warn">{t("many.links")}</p>
          <Field label={t("link")}>
            {(ids) => (
              <Input.TextArea
                {...ids}
                ref={box}
                className="settings-many-links"
                rows={6}
                dir="auto"
                readOnly
                value={links.join("\n")}
                onFocus={(event) => event.target.select()}
              />
            )}
          </Field>
          <div className="row settings-acts">
            <Button onClick={() => void copy()}>{copied ? t("copied") : t("many.copy")}</Button>
          </div>
        </>
      )}
    </>
  );
}
