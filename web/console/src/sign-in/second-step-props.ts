import type { Me, SecondStepAsked } from "@yingda/api/types";

export interface SecondStepProps {
  asked: SecondStepAsked;
  onEntered(me: Me): void;
  /** The sign-in begins again: by choice, or because of this refusal. */
  onOver(error: unknown): void;
}
