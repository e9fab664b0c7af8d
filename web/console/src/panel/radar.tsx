import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { count } from '../lib/format'
import { usePrefs } from '../lib/prefs'
import { rem } from '../lib/rem'
import { radarPoints, type Point } from './model'
import { useSize } from './use-size'

const text = (points: readonly Point[]) => points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')

/** Four numbers of a session's life, each against the largest of them. */
export function Radar({ axes }: { axes: readonly { key: string; name: string; value: number | null }[] }) {
  const { t } = useTranslation('panel')
  const { language } = usePrefs()
  const box = useRef<HTMLDivElement>(null)
  const { width, height } = useSize(box, { width: 300, height: 232 })
  const unit = rem()
  const centre = { x: width / 2, y: height / 2 }
  const radius = Math.max(20, Math.min(height / 2 - 2.2 * unit, width / 2 - 4.2 * unit))
  const values = axes.map((axis) => axis.value ?? 0)
  const shape = radarPoints(values, centre, radius)
  const rings = [0.25, 0.5, 0.75, 1].map((share) => radarPoints(axes.map(() => 1), centre, radius * share))
  const tips = rings[3] ?? []
  return (
    <div ref={box} className="plot plot-radar" role="img" aria-label={t('radar.words', { values: axes.map((axis) => `${axis.name} ${count(axis.value, language)}`).join(t('lines.comma')) })}>
      <svg width={width} height={height} aria-hidden="true">
        {rings.map((ring, index) => <polygon key={index} className="plot-grid" points={text(ring)} />)}
        {tips.map((tip, index) => <line key={index} className="plot-grid" x1={centre.x} y1={centre.y} x2={tip.x} y2={tip.y} />)}
        <polygon className="radar-shape" points={text(shape)} />
        {shape.map((point, index) => <circle key={index} className="radar-point" cx={point.x} cy={point.y} r="3.2" />)}
        {tips.map((tip, index) => {
          const axis = axes[index]
          if (!axis) return null
          const side = Math.abs(tip.x - centre.x) < 1
          const anchor = side ? 'middle' : tip.x > centre.x ? 'start' : 'end'
          const x = side ? tip.x : tip.x + (tip.x > centre.x ? 0.5 : -0.5) * unit
          const up = tip.y < centre.y - 1
          return side ? (
            <text key={axis.key} x={x} y={up ? tip.y - 0.6 * unit : tip.y + 1.2 * unit} textAnchor="middle">{axis.name} <tspan>{count(axis.value, language)}</tspan></text>
          ) : (
            <text key={axis.key} x={x} y={tip.y - 0.15 * unit} textAnchor={anchor}>{axis.name}<tspan x={x} dy="1.25em">{count(axis.value, language)}</tspan></text>
          )
        })}
      </svg>
    </div>
  )
}
