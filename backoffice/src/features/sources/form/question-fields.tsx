/** What only the administrator knows: a preset's few questions. */
import { TextInput } from '@mantine/core';
import { useWords } from '#lib/words.ts';
import type { AnswerProblem, Preset, Question, QuestionName } from '../presets/preset.ts';
import { presetWords } from '../presets/words.ts';
import { CheckNote, FieldNotes, useFieldError } from './field-notes.tsx';
import { fieldId } from './focus-field.ts';
import classes from './form.module.css';
import { useFormContext } from './form-context.ts';
import { ClientSecretField } from './secret-field.tsx';
import { below } from './text-field.tsx';
import { fieldLabels } from './words.ts';

export interface Discovery {
  busy: boolean;
  /** What was found, in a word: the tenant's id, the issuer. */
  found?: string | undefined;
  failed: boolean;
}

export interface QuestionFieldsProps {
  preset: Preset;
  answers: Readonly<Partial<Record<QuestionName, string>>>;
  onAnswer: (question: QuestionName, value: string) => void;
  problems: Readonly<Partial<Record<QuestionName, AnswerProblem>>>;
  discovery: Discovery;
}

export const QuestionFields = ({ preset, ...rest }: QuestionFieldsProps) => (
  <div className={classes.fields}>
    {preset.questions.map((question) => {
      if (question.name === 'client_id') return <ClientIdField key="client_id" preset={preset} />;
      if (question.name === 'client_secret') return <ClientSecretField key="client_secret" />;
      return <QuestionField key={question.name} question={question} {...rest} />;
    })}
  </div>
);

const ClientIdField = ({ preset }: { preset: Preset }) => {
  const words = useWords(presetWords);
  const { form, checks } = useFormContext();
  const help = preset.name === 'microsoft' ? words.clientIdHelp.microsoft : words.clientIdHelp.other;
  return (
    <TextInput
      id={fieldId('client_id')}
      name="client_id"
      label={fieldLabels.client_id}
      value={form.draft.client_id}
      onChange={(event) => form.set('client_id', event.currentTarget.value)}
      onBlur={checks.checkQuietly}
      error={useFieldError('client_id')}
      description={<FieldNotes field="client_id" help={help} />}
      inputWrapperOrder={below}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      className={classes.mono ?? ''}
    />
  );
};

/** Questions that wait for the provider's answer say what it was. */
const asksProvider = new Set<QuestionName>(['tenant', 'issuer']);
/** Half a tenant is no mistake yet; what stands for many tenants is worth a word at once. */
const mild = new Set<AnswerProblem>(['many_tenants']);

const QuestionField = ({
  question,
  answers,
  onAnswer,
  problems,
  discovery,
}: Omit<QuestionFieldsProps, 'preset'> & { question: Question }) => {
  const words = useWords(presetWords);
  const { checks } = useFormContext();
  const { name, optional } = question;
  const value = answers[name] ?? '';
  const problem = problems[name];
  const label = optional ? `${words.questions[name]} (${words.optional})` : words.questions[name];
  const says = asksProvider.has(name) && problem === undefined && value !== '';
  return (
    <TextInput
      id={fieldId(name)}
      name={name}
      label={label}
      value={value}
      onChange={(event) => onAnswer(name, event.currentTarget.value)}
      onBlur={checks.checkQuietly}
      error={problem !== undefined && !mild.has(problem) && words.problems[problem]}
      description={
        <>
          <span className={classes.help}>{words.questionHelp[name]}</span>
          {problem !== undefined && mild.has(problem) && (
            <CheckNote code={problem} level="warning" message={words.problems[problem]} fix="" />
          )}
          {says && discovery.busy && <span className={classes.note}>{words.discovering}</span>}
          {says && discovery.found !== undefined && (
            <CheckNote code="found" level="ok" message={words.discovered(discovery.found)} fix="" />
          )}
          {says && discovery.failed && (
            <CheckNote code="not-found" level="warning" message={words.notDiscovered} fix="" />
          )}
        </>
      }
      inputWrapperOrder={below}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      className={classes.mono ?? ''}
    />
  );
};
