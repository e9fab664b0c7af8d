import { Button, Input } from "@yingda/antd";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { isProblem, useProblemText } from "../lib/problem";
import { useUnsaved } from "../lib/unsaved";
import { useCreateTest } from "./queries";
import { Expectations } from "./test-row";
import { sideOf, tagOfSide } from "./texts";

/** Adds a sentence to the test set. */
export function NewTest() {
  const { t } = useTranslation("knowledge");
  const text = useProblemText();
  const create = useCreateTest();
  const [sentence, setSentence] = useState("");
  useUnsaved(sentence.trim() !== "", true);
  const [expected, setExpected] = useState("no_answer");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (sentence.trim() === "") return;
    create.mutate(
      { sentence: sentence.trim(), lang: tagOfSide(sideOf(sentence)), expected },
      { onSuccess: () => setSentence("") },
    );
  };
  return (
    <>
      <form className="card kn-test-form" onSubmit={submit}>
        <Field label={t("tests.sentence")}>
          {(ids) => (
            <Input {...ids} maxLength={200} value={sentence} onChange={(event) => setSentence(event.target.value)} />
          )}
        </Field>
        <Expectations value={expected} onChange={setExpected} />
        <Button htmlType="submit" type="primary" loading={create.isPending}>
          {t("tests.add")}
        </Button>
      </form>
      {create.isError && (
        <p className="notice hot" role="alert">
          {isProblem(create.error, "knowledge_test_taken") ? t("tests.taken") : text(create.error)}
        </p>
      )}
    </>
  );
}
