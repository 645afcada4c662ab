/** The steps of a sign-in, each with its request, its answer and its time. Used for dry runs and for recorded attempts. */
import type { StepView } from '@foyer/contract/dry-runs.ts';
import {
  IconChevronRight,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleMinus,
  IconCircleXFilled,
  IconLoader2,
} from '@tabler/icons-react';
import { number } from '#lib/dates.ts';
import { useLanguage } from '#lib/language.tsx';
import { useWords } from '#lib/words.ts';
import classes from './dry-run.module.css';
import { dryRunWords } from './words.ts';

export type ShownState = StepView['outcome'] | 'waiting' | 'pending';

/** A step that has happened, or one that is yet to come. */
export interface ShownStep {
  name: StepView['name'];
  state: ShownState;
  step?: StepView;
}

const icons = {
  ok: IconCircleCheckFilled,
  failed: IconCircleXFilled,
  skipped: IconCircleMinus,
  waiting: IconLoader2,
  pending: IconCircleDashed,
} as const;

export const StepList = ({ steps, label }: { steps: readonly ShownStep[]; label: string }) => (
  <ol className={classes.steps} aria-label={label}>
    {steps.map((shown, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a step may come twice, and its place is its name
      <li key={index} className={classes.step} data-state={shown.state}>
        <Step {...shown} />
      </li>
    ))}
  </ol>
);

const Step = ({ name, state, step }: ShownStep) => {
  const words = useWords(dryRunWords);
  const [language] = useLanguage();
  const Icon = icons[state];
  const line = (
    <>
      <span className={classes.icon} data-state={state}>
        <Icon size={19} aria-hidden />
      </span>
      <span className={classes.name}>{words.steps[name]}</span>
      <span className={classes.time}>
        {state === 'ok' && step?.duration_ms !== undefined
          ? words.milliseconds(number(Math.round(step.duration_ms), language))
          : words.stepStates[state]}
      </span>
    </>
  );
  if (step === undefined || !hasMore(step)) return <div className={classes.plain}>{line}</div>;
  return (
    <details open={state === 'failed'}>
      <summary>
        {line}
        <IconChevronRight size={16} aria-hidden className={classes.chevron} />
      </summary>
      <div className={classes.inside}>
        {step.request !== undefined && <Wire caption={words.request} text={requestText(step.request)} />}
        {step.answer !== undefined && (
          <Wire
            caption={
              step.answer.status === undefined
                ? words.answer
                : `${words.answer}, ${words.status(step.answer.status)}`
            }
            text={linesOf(step.answer.members ?? {})}
          />
        )}
        {step.detail !== undefined && Object.keys(step.detail).length > 0 && (
          <Wire caption={words.seen} text={linesOf(step.detail)} />
        )}
      </div>
    </details>
  );
};

const hasMore = ({ request, answer, detail }: StepView): boolean =>
  request !== undefined || answer !== undefined || Object.keys(detail ?? {}).length > 0;

const Wire = ({ caption, text }: { caption: string; text: string }) => (
  <div>
    <p className={classes.caption}>{caption}</p>
    {/* Long answers scroll, so they can be reached with the keyboard. */}
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
    <pre className={classes.wire} tabIndex={0}>
      {text === '' ? '–' : text}
    </pre>
  </div>
);

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value, undefined, 1);

const linesOf = (members: Readonly<Record<string, unknown>>): string =>
  Object.entries(members)
    .map(([name, value]) => `${name}: ${textOf(value)}`)
    .join('\n');

const requestText = ({ method, url, params }: NonNullable<StepView['request']>): string =>
  [`${method} ${url}`, linesOf(params)].filter((part) => part !== '').join('\n');
