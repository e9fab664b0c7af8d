import { useLayoutEffect, useRef, type RefObject } from "react";
import { chartIn, type Chart, type ChartOption } from "./echarts";

interface Props {
  option: ChartOption;
  width: number;
  height: number;
  /** Refers to what is drawn, for whoever saves it as a picture. */
  drawing?: RefObject<SVGSVGElement | null>;
}

/** A chart as the library draws it. It says nothing and reacts to nothing: words, pointer and keys belong to the plot around it. */
export function Drawing({ option, width, height, drawing }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | null>(null);
  useLayoutEffect(
    () => () => {
      chart.current?.dispose();
      chart.current = null;
    },
    [],
  );
  useLayoutEffect(() => {
    if (!host.current) return;
    chart.current ??= chartIn(host.current, width, height);
    chart.current.resize({ width, height, silent: true });
    // A series that is still there moves to its new place; the others come and go.
    chart.current.setOption(option, { replaceMerge: ["series"] });
    chart.current.getZr().flush();
    if (drawing) drawing.current = host.current.querySelector("svg");
  }, [option, width, height, drawing]);
  return <div ref={host} className="plot-drawing" aria-hidden="true" />;
}
