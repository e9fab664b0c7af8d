import { Button } from "@yingda/antd";
import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import "./failed.css";
import { useFailureText } from "./problem";
import { RequestId } from "./request-id";

interface FailedProps {
  of: Pick<UseQueryResult, "error" | "isError" | "isFetching"> & {
    refetch(): unknown;
  };
  /** Replaces the usual text about the refusal. */
  words?: string | undefined;
}

/** What could not be loaded: the reason, a retry button, and the request id. Nothing while it is loaded or loading. */
export function Failed({ of: { error, isError, isFetching, refetch }, words }: FailedProps) {
  const { t } = useTranslation("shell");
  const text = useFailureText();
  if (!isError) return null;
  return (
    <div className="notice hot failed">
      <div className="grow">
        <p role="alert">{words ?? text(error)}</p>
        <RequestId error={error} />
      </div>
      <Button size="small" loading={isFetching} onClick={() => void refetch()}>
        {t("failure.again")}
      </Button>
    </div>
  );
}
