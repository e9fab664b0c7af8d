import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { percent } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { rem } from "../lib/rem";
import { misses, radarPoints, reachOf, type Axis, type Point } from "./model";
import { useSize } from "./use-size";

const at = ({ x, y }: Point) => `${x.toFixed(1)},${y.toFixed(1)}`;
const text = (points: readonly (Point | null)[]) => points.flatMap((point) => (point ? [at(point)] : [])).join(" ");

/** The signs of a healthy service, each against its target: outward is better. A ratio without a value yet has no point. */
export function Radar({ axes }: { axes: readonly Axis[] }) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box, { width: 300, height: 232 });
  const unit = rem();
  const centre = { x: width / 2, y: height / 2 };
  const radius = Math.max(20, Math.min(height / 2 - 2.2 * unit, width / 2 - 5.2 * unit));
  const corners = radarPoints(
    axes.map(({ value, target }) => (value === null ? null : reachOf(value, target))),
    centre,
    radius,
  );
  const targets = radarPoints(
    axes.map(({ target }) => target && reachOf(target.value, target)),
    centre,
    radius,
  );
  const rings = [0.25, 0.5, 0.75, 1].map((share) =>
    radarPoints(
      axes.map(() => share),
      centre,
      radius,
    ),
  );
  const tips = rings[3] ?? [];
  const whole = corners.every((corner) => corner !== null);
  const sides = corners.flatMap((corner, index) => {
    const next = corners[(index + 1) % corners.length];
    return corner && next ? [`${at(corner)} ${at(next)}`] : [];
  });
  const words = (axis: Axis) =>
    t(
      !axis.target
        ? "radar.no_target"
        : axis.value === null
          ? "radar.no_value"
          : misses(axis.value, axis.target)
            ? "radar.missed"
            : "radar.met",
      {
        name: axis.name,
        value: percent(axis.value, language, 0),
        target: t(`target.${axis.target?.direction ?? "at_least"}`, {
          share: percent(axis.target?.value, language, 0),
        }),
      },
    );
  return (
    <div
      ref={box}
      className="plot plot-radar"
      role="img"
      aria-label={t("radar.words", { values: axes.map(words).join(t("radar.semicolon")) })}
    >
      <svg width={width} height={height} aria-hidden="true">
        {rings.map((ring, index) => (
          <polygon key={index} className="plot-grid" points={text(ring)} />
        ))}
        {tips.map(
          (tip, index) =>
            tip && <line key={index} className="plot-grid" x1={centre.x} y1={centre.y} x2={tip.x} y2={tip.y} />,
        )}
        {targets.every((point) => point !== null) && <polygon className="radar-target" points={text(targets)} />}
        {whole ? (
          <polygon className="radar-shape" points={text(corners)} />
        ) : (
          sides.map((side) => <polyline key={side} className="radar-side" points={side} />)
        )}
        {corners.map(
          (corner, index) =>
            corner && (
              <circle
                key={index}
                className={
                  misses(axes[index]?.value ?? null, axes[index]?.target ?? null)
                    ? "radar-point radar-missed"
                    : "radar-point"
                }
                cx={corner.x}
                cy={corner.y}
                r="3.2"
              />
            ),
        )}
        {tips.map((tip, index) => {
          const axis = axes[index];
          if (!axis || !tip) return null;
          const value = (
            <tspan className={misses(axis.value, axis.target) ? "radar-missed" : undefined}>
              {percent(axis.value, language, 0)}
            </tspan>
          );
          const middle = Math.abs(tip.x - centre.x) < 1;
          const x = middle ? tip.x : tip.x + (tip.x > centre.x ? 0.5 : -0.5) * unit;
          return middle ? (
            <text
              key={axis.key}
              x={x}
              y={tip.y < centre.y ? tip.y - 0.6 * unit : tip.y + 1.2 * unit}
              textAnchor="middle"
            >
              {axis.name} {value}
            </text>
          ) : (
            <text key={axis.key} x={x} y={tip.y - 0.15 * unit} textAnchor={tip.x > centre.x ? "start" : "end"}>
              {axis.name}
              <tspan x={x} dy="1.25em" className={misses(axis.value, axis.target) ? "radar-missed" : undefined}>
                {percent(axis.value, language, 0)}
              </tspan>
            </text>
          );
        })}
      </svg>
    </div>
  );
}
