import classes from './small-bars.module.css';

export interface Bar {
  /** `Mon 24 Nov`. */
  label: string;
  good: number;
  bad?: number;
}

export interface SmallBarsProps {
  bars: readonly Bar[];
  /** The chart in one sentence, for those who do not see it: `Sign-ins of the last week: 12, 3 failed`. */
  summary: string;
  width?: number;
  height?: number;
}

const gap = 3;

/** A small bar chart; each bar says its numbers on hovering, `summary` says the whole. */
export const SmallBars = ({ bars, summary, width = 112, height = 28 }: SmallBarsProps) => {
  const most = Math.max(1, ...bars.map(({ good, bad = 0 }) => good + bad));
  const barWidth = (width - gap * (bars.length - 1)) / Math.max(1, bars.length);
  return (
    <svg role="img" aria-label={summary} width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <title>{summary}</title>
      {bars.map(({ label, good, bad = 0 }, index) => {
        const x = index * (barWidth + gap);
        const goodHeight = (good / most) * (height - 2);
        const badHeight = (bad / most) * (height - 2);
        return (
          <g key={label}>
            <title>{`${label}: ${good}${bad > 0 ? ` + ${bad}` : ''}`}</title>
            <rect className={classes.ground} x={x} y={height - 2} width={barWidth} height={2} />
            <rect
              className={classes.good}
              x={x}
              y={height - goodHeight}
              width={barWidth}
              height={goodHeight}
              rx={1}
            />
            <rect
              className={classes.bad}
              x={x}
              y={height - goodHeight - badHeight}
              width={barWidth}
              height={badHeight}
              rx={1}
            />
          </g>
        );
      })}
    </svg>
  );
};
