import { Problem } from "@yingda/api/client";
import { Component, lazy, useEffect, useRef, useState, type ComponentType, type ReactNode } from "react";
import { bring } from "@yingda/api/bring";
import { tellMissing } from "./missing";

/** Says once why a part is missing, and offers to ask for it again. */
function Told({ error, onAgain }: { error: Problem; onAgain(): void }) {
  const again = useRef(onAgain);
  useEffect(() => tellMissing(error, () => again.current()), [error]);
  return null;
}

interface BoundaryProps {
  onMissing(): void;
  onAgain(): void;
  children: ReactNode;
}
/** Keeps a part that could not be loaded from taking the page with it. */
class Boundary extends Component<BoundaryProps, { error: unknown }> {
  override state: { error: unknown } = { error: null };
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  override componentDidCatch(error: unknown) {
    if (error instanceof Problem) this.props.onMissing();
  }
  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    // Its own faults are the page's.
    if (!(error instanceof Problem)) throw error;
    return <Told error={error} onAgain={this.props.onAgain} />;
  }
}

/** A part of a page that is loaded when it is first shown. If that fails, the page stays and says so; shown again, the part is requested again. */
export function partOf<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const make = () => lazy(async () => ({ default: await bring(load) }));
  let Part = make() as unknown as ComponentType<P>;
  const again = () => {
    Part = make() as unknown as ComponentType<P>;
  };
  return function PartOf(props: P) {
    const [tries, setTries] = useState(0);
    return (
      <Boundary key={tries} onMissing={again} onAgain={() => setTries((before) => before + 1)}>
        <Part {...props} />
      </Boundary>
    );
  };
}
