/** Recommendations as a part of a page: their code is fetched once the page stands. */
import type { Catalogue } from "@yingda/api/types";
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Place } from "./data";

type Part = ComponentType<{ place: Place; about?: string; catalogue: Catalogue }>;
let part: Part | undefined;

export function RecommendedLater(of: { place: Place; about?: string; catalogue: Catalogue }): JSX.Element | null {
  const [Loaded, setLoaded] = useState<Part | undefined>(() => part);
  useEffect(() => {
    if (Loaded) return;
    let gone = false;
    // Without them, the page is whole.
    import("./recommended").then(
      (module) => {
        part = module.default;
        if (!gone) setLoaded(() => module.default);
      },
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [Loaded]);
  return Loaded ? <Loaded {...of} /> : null;
}
