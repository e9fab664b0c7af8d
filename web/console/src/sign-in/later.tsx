import { bring } from "@yingda/api/bring";
import { lazy, Suspense } from "react";
import type { SecondStepProps } from "./second-step-props";

// Nothing is lost if a failure takes the place of this page, and what would keep it is too much for it.
const Loaded = lazy(async () => ({ default: (await bring(() => import("./second-step"))).SecondStep }));

/** The second step, which is loaded when it is asked for: most sign-ins need only the first. */
export const SecondStep = (props: SecondStepProps) => (
  <Suspense fallback={null}>
    <Loaded {...props} />
  </Suspense>
);
