import { useSearch } from "@tanstack/react-router";
import type { SecondStepAsked } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProblemText } from "../lib/problem";
import { FirstStep, type SignInAnswer } from "./first-step";
import { SignInFrame } from "./frame";
import { SecondStep } from "./later";
import { isAsked, useEnter } from "./use-enter";

/** Signs in: the first step, and the second one where it is asked for. */
export function SignInPage() {
  const { t } = useTranslation("signin");
  const text = useProblemText();
  const enter = useEnter();
  const search = useSearch({ from: "/sign-in" });
  const [asked, setAsked] = useState<SecondStepAsked | null>(null);
  const [why, setWhy] = useState<string | null>(null);
  const next = (answer: SignInAnswer) => (isAsked(answer) ? setAsked(answer) : void enter(answer, search.next));
  return (
    <SignInFrame title={t("title")}>
      {asked === null ? (
        <FirstStep why={why} onAnswer={next} />
      ) : (
        <SecondStep
          asked={asked}
          onEntered={(me) => void enter(me, search.next)}
          onOver={(error) => {
            setWhy(error === null ? null : text(error));
            setAsked(null);
          }}
        />
      )}
    </SignInFrame>
  );
}
