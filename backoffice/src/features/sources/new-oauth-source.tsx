/** The page of a new OAuth2 source: the form, the vendor's side beside it, the dry run below, and the ways to save it. */
import type { ReservationView } from '@foyer/contract/source-lifecycle.ts';
import { Button, Code, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { UnsavedGuard } from '#components/form/unsaved-guard.tsx';
import { notifyDone } from '#components/ui/notify.ts';
import { PageTitle } from '#components/ui/page-title.tsx';
import { RouterAnchor } from '#components/ui/router-links.tsx';
import { Section } from '#components/ui/section.tsx';
import { useWords } from '#lib/words.ts';
import { createSource, type DraftTarget, forgetSource } from './api.ts';
import { CheckSummary } from './checks/check-summary.tsx';
import { useChecks } from './checks/use-checks.ts';
import { rowsAreWhole } from './draft.ts';
import { DryRunPanel, TryButton } from './dry-run/dry-run-panel.tsx';
import { fingerprintOf, useDryRun } from './dry-run/use-dry-run.ts';
import { dryRunWords } from './dry-run/words.ts';
import { focusField } from './form/focus-field.ts';
import { FormContext } from './form/form-context.ts';
import { ElevenFields, FurtherFields } from './form/oauth-fields.tsx';
import { QuestionFields } from './form/question-fields.tsx';
import { SourceFormError } from './form/source-form-error.tsx';
import { useDiscovery } from './form/use-discovery.ts';
import { useSourceForm } from './form/use-source-form.ts';
import { formWords } from './form/words.ts';
import { MappingLab } from './mapping/mapping-lab.tsx';
import { draftFrom, type Preset, type QuestionName } from './presets/preset.ts';
import classes from './source-page.module.css';
import { VendorSide } from './vendor/vendor-side.tsx';
import { proofsOf } from './vendor/vendor-steps.ts';
import { sourceWords } from './words.ts';

export interface NewOauthSourceProps {
  preset: Preset;
  reservation: ReservationView;
  title: string;
}

type Save = 'draft' | 'tested' | 'publish';

export const NewOauthSource = ({ preset, reservation, title }: NewOauthSourceProps) => {
  const words = useWords(sourceWords);
  const fields = useWords(formWords);
  const runWords = useWords(dryRunWords);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [answers, setAnswers] = useState<Partial<Record<QuestionName, string>>>({});
  const [saving, setSaving] = useState<Save>();
  const discovery = useDiscovery();
  const domainId = reservation.authority_id;
  const target: DraftTarget = { domainId, sourceId: reservation.id, reservation: reservation.reservation };

  const answered = Object.values(answers).some((answer) => answer !== '');
  const form = useSourceForm({
    fillingOf: ({ client_id = '' }) => preset.fill({ ...answers, client_id }, discovery.provider).fields,
    answered,
    withOrigins: preset.questions.length > 0,
  });
  const { problems, discover } = preset.fill(answers, discovery.provider);
  const { ask } = discovery;
  useEffect(() => ask(discover), [ask, discover]);
  const checks = useChecks(target, form.body);
  const run = useDryRun(target, form.body);
  const result = run.state.phase === 'done' ? run.state.result : undefined;
  const pass =
    run.state.phase === 'done' && run.state.tried === fingerprintOf(form.body) ? result?.pass : undefined;
  const isWhole = rowsAreWhole(form.draft);

  const save = async (how: Save): Promise<void> => {
    setSaving(how);
    form.setError(undefined);
    try {
      const source = await createSource('oauth2', {
        ...form.body,
        id: reservation.id,
        reservation: reservation.reservation,
        authority_id: domainId,
        enabled: how === 'publish',
        ...(pass !== undefined && { dry_run_pass: pass }),
      });
      form.forget();
      setAnswers({});
      await forgetSource(client);
      notifyDone({ draft: words.new.draftSaved, tested: words.savedTested, publish: words.published }[how]);
      await navigate({
        to: '/domains/$domainId/authentication/$sourceId',
        params: { domainId, sourceId: source.id },
        replace: true,
        ignoreBlocker: true,
      });
    } catch (refusal) {
      form.setError(refusal);
    } finally {
      setSaving(undefined);
    }
  };
  const saveButton = (how: Save, label: string, isMain = false) => (
    <Button
      variant={isMain ? 'filled' : 'default'}
      loading={saving === how}
      disabled={!isWhole || (saving !== undefined && saving !== how)}
      onClick={() => void save(how)}
    >
      {label}
    </Button>
  );
  const asks = preset.questions.length > 0;
  const suggested = draftFrom(preset.fill({}).fields, {});
  return (
    <FormContext value={{ form, checks, preset: preset.name, notes: {} }}>
      <UnsavedGuard form={form} />
      <PageTitle
        title={title}
        description={
          <span className={classes.reserved}>
            <span>{words.new.reserved}</span> <Code>{reservation.id}</Code>
            <RouterAnchor
              to="/domains/$domainId/authentication/new"
              params={{ domainId }}
              search={{}}
              size="sm"
            >
              {words.new.another}
            </RouterAnchor>
          </span>
        }
      />
      <div className={classes.columns}>
        <div className={classes.main}>
          {asks && (
            <Section
              title={fields.questionsTitle(preset.questions.filter(({ optional }) => !optional).length)}
            >
              <QuestionFields
                preset={preset}
                answers={answers}
                onAnswer={(question, value) => setAnswers((before) => ({ ...before, [question]: value }))}
                problems={problems}
                discovery={discovery}
              />
            </Section>
          )}
          <Section title={fields.allEleven} description={asks ? fields.allElevenHint : undefined}>
            <ElevenFields withoutClient={asks} />
          </Section>
          <FurtherFields open={suggested.authorize_params.length > 0 || form.draft.tid_allow !== ''} />
        </div>
        <div className={classes.side}>
          <VendorSide
            preset={preset.name}
            draft={form.draft}
            addresses={reservation}
            proofs={proofsOf(result)}
          />
          <CheckSummary checks={checks} />
        </div>
      </div>
      <div className={classes.wide}>
        <DryRunPanel
          run={run}
          draft={form.draft}
          body={form.body}
          onField={focusField}
          afterPass={
            <Group gap="sm">
              {saveButton('publish', runWords.savePublish, true)}
              {saveButton('tested', runWords.saveTested)}
            </Group>
          }
        />
        <MappingLab target={target} captured={result} />
      </div>
      <div className={classes.bar}>
        <SourceFormError form={form} />
        <Group gap="sm">
          <TryButton run={run} />
          {saveButton('draft', words.new.saveDraft)}
          {pass === undefined && saveButton('publish', words.new.publishUntested)}
          <Text size="sm" c="dimmed" role="status">
            {isWhole ? form.changed && words.edit.unsaved : fields.rowsNotWhole}
          </Text>
        </Group>
      </div>
    </FormContext>
  );
};
