import { urlOf } from "@yingda/api/operations";
import { artColours, illustrations } from "@yingda/tokens/art";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

let asked = false;

/** Adds the illustrations to the page once. They are our own file, parsed as XML and adopted as nodes. */
export function loadIllustrations(): void {
  if (asked) return;
  asked = true;
  fetch(`${import.meta.env.BASE_URL}illustrations.svg`)
    .then((response) => (response.ok ? response.text() : Promise.reject(new Error(String(response.status)))))
    .then((text) => {
      const sprite = document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true);
      sprite.setAttribute("class", "sprite");
      sprite.setAttribute("aria-hidden", "true");
      document.body.prepend(sprite);
    })
    .catch(() => {
      asked = false;
    });
}

interface ArtProps {
  id: string;
  illustration: string;
  picture?: string | undefined;
  /** Shown large: the larger size of the picture is requested. */
  large?: boolean;
}

/** A product's picture, or its drawing if it has none. Decorative: the name is always shown beside it. */
export function Art({ id, illustration, picture, large = false }: ArtProps): JSX.Element {
  if (picture)
    return (
      <img
        class="art photo"
        src={urlOf("/pictures/{picture}", { path: { picture }, query: { size: large ? "large" : "small" } })}
        alt=""
        loading={large ? "eager" : "lazy"}
        decoding="async"
      />
    );
  return <Drawing id={id} illustration={illustration} />;
}

/** The drawing of a product or plan in its own colours. */
function Drawing({ id, illustration }: { id: string; illustration: string }): JSX.Element {
  const ref = useRef<SVGSVGElement>(null);
  useLayoutEffect(() => {
    const style = ref.current?.style;
    const { body, screen, accent } = artColours(id, illustration);
    style?.setProperty("--i-c", body);
    style?.setProperty("--i-a", screen);
    style?.setProperty("--i-b", accent);
  }, [id, illustration]);
  const known = illustrations.includes(illustration) ? illustration : "sim";
  return (
    <svg ref={ref} class="art" viewBox="0 0 240 240" aria-hidden="true">
      <use href={`#i-${known}`} />
    </svg>
  );
}
