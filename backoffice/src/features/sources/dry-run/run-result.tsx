/** What a finished dry run has shown: the verdict, the advice, profile beside person, scopes, and the decision. */
import type { Decision, DryRunResult } from '@foyer/contract/dry-runs.ts';
import { Stack, Text } from '@mantine/core';
import { StatusBadge, type Tone } from '#components/ui/status-badge.tsx';
import { Timestamp } from '#components/ui/timestamp.tsx';
import { useWords } from '#lib/words.ts';
import type { OauthDraft } from '../draft.ts';
import { NoteBox } from '../note-box.tsx';
import { AdviceNote } from './advice-note.tsx';
import classes from './dry-run.module.css';
import { PersonTable } from './person-table.tsx';
import { dryRunWords } from './words.ts';

export interface RunResultProps {
  result: DryRunResult;
  draft: OauthDraft;
  onField: (field: string) => void;
}

const isStep = (words: object, name: string | undefined): name is 'token' =>
  name !== undefined && Object.hasOwn(words, name);

/** First what became of it: passed, or where it stops and what to do. */
export const Verdict = ({ result, onField }: Omit<RunResultProps, 'draft'>) => {
  const words = useWords(dryRunWords);
  if (result.outcome === 'passed') {
    return (
      <NoteBox tone="good" title={words.passed}>
        {result.decision && <DecisionNote decision={result.decision} />}
      </NoteBox>
    );
  }
  return (
    <Stack gap="sm">
      <Text fw={600}>
        {isStep(words.steps, result.failed_step)
          ? words.failed(words.steps[result.failed_step])
          : words.failedAnywhere}
      </Text>
      {result.advice && <AdviceNote advice={result.advice} code={result.code} onField={onField} />}
      {result.decision && <DecisionNote decision={result.decision} />}
    </Stack>
  );
};

const tones: Record<Decision['kind'], Tone> = {
  sign_in: 'good',
  link: 'info',
  create: 'info',
  refuse: 'bad',
};

export const DecisionNote = ({ decision }: { decision: Decision }) => {
  const words = useWords(dryRunWords);
  return (
    <Stack gap={4} align="flex-start">
      <StatusBadge tone={tones[decision.kind]}>
        {words.decisions[decision.kind]}
        {decision.user && `: ${decision.user.name}`}
      </StatusBadge>
      <Text size="sm">{decision.because}</Text>
    </Stack>
  );
};

/** The evidence below. */
export const RunEvidence = ({ result, draft }: Omit<RunResultProps, 'onField'>) => {
  const words = useWords(dryRunWords);
  const { person, raw_profile: profile, raw_claims: claims } = result;
  return (
    <Stack gap="lg">
      {(person !== undefined || profile !== undefined) && (
        <div>
          <Text fw={600} mb="xs">
            {words.profileTitle}
          </Text>
          <div className={classes.sideBySide}>
            <div>
              {profile !== undefined && <Json caption={words.rawProfile} value={profile} />}
              {claims !== undefined && <Json caption={words.rawClaims} value={claims} />}
            </div>
            {person !== undefined && <PersonTable person={person} mappings={draft.info_mappings} />}
          </div>
        </div>
      )}
      {result.scopes_granted.length > 0 && <ScopeTable result={result} />}
    </Stack>
  );
};

const Json = ({ caption, value }: { caption: string; value: unknown }) => (
  <>
    <p className={classes.caption}>{caption}</p>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long profiles scroll, with the keyboard too */}
    <pre className={classes.wire} tabIndex={0}>
      {JSON.stringify(value, undefined, 2)}
    </pre>
  </>
);

const ScopeTable = ({ result }: { result: DryRunResult }) => {
  const words = useWords(dryRunWords);
  const asked = new Map(result.scopes_asked.map((scope) => [scope.toLowerCase(), scope]));
  const granted = new Set(result.scopes_granted.map((scope) => scope.toLowerCase()));
  const rows = [
    ...[...asked].map(([key, scope]) => ({ scope, asked: true, granted: granted.has(key) })),
    ...result.scopes_granted
      .filter((scope) => !asked.has(scope.toLowerCase()))
      .map((scope) => ({ scope, asked: false, granted: true })),
  ];
  return (
    <div>
      <table className={classes.table}>
        <caption className={classes.caption}>{words.scopesTitle}</caption>
        <thead>
          <tr>
            <th scope="col">{words.scope}</th>
            <th scope="col">{words.asked}</th>
            <th scope="col">{words.granted}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.scope}>
              <th scope="row">{row.scope}</th>
              <td>{row.asked ? words.yes : words.unasked}</td>
              <td>{row.granted ? words.yes : <StatusBadge tone="warn">{words.notGranted}</StatusBadge>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Text size="sm" mt="xs">
        {result.refresh_token ? words.refreshCame : words.noRefresh}
        {result.token_expires_at !== undefined && (
          <>
            {' '}
            {words.tokenEnds} <Timestamp at={result.token_expires_at} />.
          </>
        )}
      </Text>
    </div>
  );
};
