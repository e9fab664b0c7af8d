/** Pages whose code and texts are fetched when they are first opened, so that the hall itself opens sooner. */
import { bring } from "@yingda/api/bring";
import type { ComponentType, JSX } from "preact";
import { useResource } from "../resource";
import { Boxes, Failed, Skeleton } from "./states";

/** A page of its own script; `name` tells it from the others. Until it is here, grey boxes are shown, and a failure offers to try again. */
export function later<P extends object>(name: string, load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let known: ComponentType<P> | undefined;
  const fetched = async (): Promise<ComponentType<P>> => (known ??= await bring(load));
  return function Later(of: P): JSX.Element {
    const part = useResource(known ? null : `page ${name}`, fetched);
    const Page = known;
    if (Page) return <Page {...of} />;
    return (
      <div class="wrap">
        {part.error ? (
          <Failed what="states.error_page" resource={part} />
        ) : (
          <Skeleton slow={part.slow}>
            <Boxes count={3} class="account-bone" />
          </Skeleton>
        )}
      </div>
    );
  };
}
