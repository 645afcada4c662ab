/** The screen of a stored OAuth2 source. One form is shared by its settings and by trying it out. */
import type { SourceSummary } from '@foyer/contract/source-lifecycle.ts';
import { Box, Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { FasterNotice } from '#components/form/faster-notice.tsx';
import { UnsavedGuard } from '#components/form/unsaved-guard.tsx';
import { formWords as commonWords } from '#components/form/words.ts';
import { notifyDone } from '#components/ui/notify.ts';
import { Section } from '#components/ui/section.tsx';
import { ApiError } from '#lib/api.ts';
import { useChange } from '#lib/use-change.ts';
import { useWords } from '#lib/words.ts';
import { changeSource, type DraftTarget, forgetSource, notePass } from './api.ts';
import { CheckSummary } from './checks/check-summary.tsx';
import { useChecks } from './checks/use-checks.ts';
import { draftOf, type OauthView, rowsAreWhole } from './draft.ts';
import { DryRunPanel } from './dry-run/dry-run-panel.tsx';
import { fingerprintOf, useDryRun } from './dry-run/use-dry-run.ts';
import { dryRunWords } from './dry-run/words.ts';
import { focusField } from './form/focus-field.ts';
import { FormContext } from './form/form-context.ts';
import { ElevenFields, FurtherFields } from './form/oauth-fields.tsx';
import { SourceFormError } from './form/source-form-error.tsx';
import { useSourceForm } from './form/use-source-form.ts';
import { formWords } from './form/words.ts';
import { MappingLab } from './mapping/mapping-lab.tsx';
import { NoteBox } from './note-box.tsx';
import { byDefault, type Filling } from './presets/preset.ts';
import { RecorderPanel } from './recorder/recorder-panel.tsx';
import { SecretsPanel } from './secrets/secrets-panel.tsx';
import { SourceAddressList } from './source-address-list.tsx';
import { SourceHeader, SourceTabs, useSourceTab } from './source-header.tsx';
import classes from './source-page.module.css';
import { VendorSide } from './vendor/vendor-side.tsx';
import { guessPreset, proofsOf } from './vendor/vendor-steps.ts';
import { VersionsPanel } from './versions/versions-panel.tsx';
import { sourceWords } from './words.ts';

export interface EditOauthSourceProps {
  domainId: string;
  summary: SourceSummary;
  view: OauthView;
}

type Save = 'save' | 'publish';

const fillingOf = (view: OauthView): Filling =>
  Object.fromEntries(Object.entries(draftOf(view)).map(([name, value]) => [name, byDefault(value)]));

export const EditOauthSource = ({ domainId, summary, view: newest }: EditOauthSourceProps) => {
  const words = useWords(sourceWords);
  const common = useWords(commonWords);
  const fields = useWords(formWords);
  const runWords = useWords(dryRunWords);
  const client = useQueryClient();
  const [, setTab] = useSourceTab();
  const [saving, setSaving] = useState<Save>();
  /** What the form's changes are based on; not what is newest, which nobody may have seen. */
  const [base, setBase] = useState(newest);
  const isNewest = base.revision === newest.revision;
  const view = isNewest ? newest : base;
  const filling = useMemo(() => fillingOf(view), [view]);
  const stored = useMemo(() => draftOf(view), [view]);
  const form = useSourceForm({ fillingOf: () => filling, withOrigins: false, stored });
  const target: DraftTarget = { domainId, sourceId: summary.id };
  const checks = useChecks(target, form.body);
  const run = useDryRun(target, form.body);
  const result = run.state.phase === 'done' ? run.state.result : undefined;
  const pass =
    run.state.phase === 'done' && run.state.tried === fingerprintOf(form.body) ? result?.pass : undefined;
  const preset = guessPreset(stored);
  const isWhole = rowsAreWhole(form.draft);

  if (!isNewest && !form.changed) setBase(newest);
  const join = async (): Promise<void> => {
    form.join(draftOf(newest));
    setBase(newest);
  };
  // What was tried is not this version any more.
  useChange(view.revision, run.cancel);
  const save = async (how: Save): Promise<void> => {
    setSaving(how);
    form.setError(undefined);
    try {
      const isNote = !form.changed && pass !== undefined && how === 'save';
      if (isNote) {
        await notePass(summary.id, pass);
      } else {
        await changeSource(
          'oauth2',
          summary.id,
          {
            ...form.body,
            // The day was taken away: the end is not known any more.
            ...(form.draft.client_secret_expires_on === '' &&
              stored.client_secret_expires_on !== '' && { client_secret_expires_at: null }),
            ...(how === 'publish' && { enabled: true }),
            ...(pass !== undefined && { dry_run_pass: pass }),
          },
          view.revision,
        );
      }
      form.forget();
      await forgetSource(client);
      const saved = pass === undefined ? words.saved : words.savedTested;
      notifyDone(isNote ? words.edit.testNoted : how === 'publish' ? words.published : saved);
    } catch (refusal) {
      if (refusal instanceof ApiError && refusal.status === 412) await forgetSource(client);
      form.setError(refusal);
    } finally {
      setSaving(undefined);
    }
  };
  const goToField = (field: string): void => {
    setTab('settings');
    // After the tab is drawn.
    setTimeout(() => focusField(field), 150);
  };
  const button = (how: Save, label: string, isMain: boolean, isOn = true) => (
    <Button
      variant={isMain ? 'filled' : 'default'}
      loading={saving === how}
      disabled={!isOn || !isWhole || (saving !== undefined && saving !== how)}
      onClick={() => void save(how)}
    >
      {label}
    </Button>
  );
  const saveBar = (
    <div className={classes.bar}>
      {!isNewest && form.changed && <FasterNotice onJoin={join} />}
      <SourceFormError form={form} />
      <Group gap="sm">
        {button('save', words.edit.save, true, form.changed)}
        {form.changed && (
          <Button variant="default" onClick={form.forget}>
            {words.edit.discard}
          </Button>
        )}
        <Text size="sm" c="dimmed" role="status">
          {isWhole ? form.changed && words.edit.unsaved : fields.rowsNotWhole}
        </Text>
      </Group>
      <Text size="sm" role="status" mt={form.joined ? 'xs' : 0}>
        {form.joined && common.meanwhile.joined}
      </Text>
    </div>
  );
  return (
    <FormContext value={{ form, checks, preset, notes: summary.secrets }}>
      <UnsavedGuard form={form} keptAcrossTabs />
      <SourceHeader
        domainId={domainId}
        summary={summary}
        actions={!summary.enabled && button('publish', words.edit.publish, true)}
      />
      <SourceTabs
        panel={(tab) =>
          ({
            settings: () => (
              <>
                {summary.enabled && form.changed && (
                  <Box mb="md">
                    <NoteBox tone="info">{words.edit.liveChange}</NoteBox>
                  </Box>
                )}
                <div className={classes.columns}>
                  <div className={classes.main}>
                    <Section title={fields.allEleven}>
                      <ElevenFields />
                    </Section>
                    <FurtherFields />
                  </div>
                  <div className={classes.side}>
                    <SourceAddressList source={summary} />
                    <CheckSummary checks={checks} />
                    <VendorSide
                      preset={preset}
                      draft={form.draft}
                      addresses={summary}
                      proofs={proofsOf(result)}
                    />
                  </div>
                </div>
                {saveBar}
              </>
            ),
            try: () => (
              <>
                <DryRunPanel
                  run={run}
                  draft={form.draft}
                  body={form.body}
                  onField={goToField}
                  afterPass={
                    <Group gap="sm">
                      {!summary.enabled && button('publish', runWords.savePublish, true)}
                      {button(
                        'save',
                        form.changed ? runWords.saveTested : runWords.notePass,
                        summary.enabled,
                      )}
                    </Group>
                  }
                />
                <MappingLab target={target} captured={result} withRows />
                {saveBar}
              </>
            ),
            versions: () => <VersionsPanel summary={summary} />,
            secrets: () => <SecretsPanel summary={summary} />,
            recorder: () => <RecorderPanel domainId={domainId} sourceId={summary.id} />,
          })[tab]()
        }
      />
    </FormContext>
  );
};
