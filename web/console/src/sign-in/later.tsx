import { Suspense } from "react";
import { partOf } from "../lib/parts";
import type { SecondStepProps } from "./second-step-props";

const Loaded = partOf(async () => (await import("./second-step")).SecondStep);

/** The second step, which is loaded when it is asked for: most sign-ins need only the first. */
export const SecondStep = (props: SecondStepProps) => (
  <Suspense fallback={null}>
    <Loaded {...props} />
  </Suspense>
);
