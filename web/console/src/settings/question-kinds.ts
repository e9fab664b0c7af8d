import { queryOptions, useQuery } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import type { QuestionKind } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { useChange } from "../lib/mutations";
import { usePrefs } from "../lib/prefs";

/** The kinds of question that customers choose among before a person is asked for. */
export const questionKinds = queryOptions({
  queryKey: ["question-kinds"],
  queryFn: ({ signal }) => call("GET", "/question-kinds", { signal }),
});
export const currentQuestionKind = async (id: string) =>
  (await call("GET", "/question-kinds")).items.find((kind) => kind.id === id) ?? null;

export const useCreateQuestionKind = () =>
  useChange([["question-kinds"]], (body: Body<"POST", "/question-kinds">) => call("POST", "/question-kinds", { body }));
export const useChangeQuestionKind = () =>
  useChange([["question-kinds"]], ({ id, ...body }: { id: string } & Body<"PATCH", "/question-kinds/{id}">) =>
    call("PATCH", "/question-kinds/{id}", { path: { id }, body }),
  );

/** The kinds, and how each is called where it is chosen already: an archived one says so. */
export function useKindNames() {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const all = useQuery(questionKinds).data?.items ?? [];
  const called = ({ name, archived_at }: QuestionKind) =>
    archived_at === null ? say(name, language) : t("question.archived_one", { name: say(name, language) });
  const nameOf = (id: string) => {
    const kind = all.find((one) => one.id === id);
    return kind ? called(kind) : t("skill.unnamed");
  };
  return { all, called, nameOf };
}
