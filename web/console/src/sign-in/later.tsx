import { lazy, Suspense } from "react";
import type { SecondStepProps } from "./second-step-props";

const Loaded = lazy(async () => ({ default: (await import("./second-step")).SecondStep }));

/** The second step, which is loaded when it is asked for: most sign-ins need only the first. */
export const SecondStep = (props: SecondStepProps) => (
  <Suspense fallback={null}>
    <Loaded {...props} />
  </Suspense>
);
