/** Recommendations as a part of a page: their code is fetched once the page stands. */
import type { Catalogue } from "@yingda/api/types";
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Place } from "./data";

interface Of {
  place: Place;
  about?: string;
  catalogue: Catalogue;
  /** Called with the ids of what is shown. */
  onShown?(ids: readonly string[]): void;
}
type Part = ComponentType<Of>;
let part: Part | undefined;

export function RecommendedLater(of: Of): JSX.Element | null {
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
