/** The checklist beside the form: what to do at the vendor, with what to copy; proven steps tick themselves. */
import { Anchor, Text, VisuallyHidden } from '@mantine/core';
import { IconCircleCheckFilled, IconCircleDashed, IconExternalLink } from '@tabler/icons-react';
import { CopyField } from '#components/ui/copy-field.tsx';
import { Section } from '#components/ui/section.tsx';
import { useWords } from '#lib/words.ts';
import type { PresetName } from '../presets/preset.ts';
import { presetWords } from '../presets/words.ts';
import { useConsent } from './use-consent.ts';
import classes from './vendor-side.module.css';
import { type Proof, type VendorContext, type VendorStep, vendorSteps } from './vendor-steps.ts';
import { vendorWords } from './words.ts';

export interface VendorSideProps extends VendorContext {
  preset: PresetName;
  proofs: ReadonlySet<Proof>;
}

const ownTexts = new Set<PresetName>(['microsoft', 'google', 'b2c', 'github']);

export const VendorSide = ({ preset, proofs, ...context }: VendorSideProps) => {
  const words = useWords(vendorWords);
  const { names } = useWords(presetWords);
  const isConsented = useConsent(context.addresses?.consent_state);
  const isNamed = preset !== 'oidc' && preset !== 'oauth2';
  return (
    <Section title={words.title(isNamed ? names[preset] : words.other)} description={words.intro}>
      <ol className={classes.steps}>
        {vendorSteps(preset, context).map((step) => (
          <Step
            key={step.code}
            preset={preset}
            step={step}
            isDone={proofs.has(step.provenBy) || (isConsented && step.provenBy === 'consent_given')}
          />
        ))}
      </ol>
    </Section>
  );
};

const Step = ({ preset, step, isDone }: { preset: PresetName; step: VendorStep; isDone: boolean }) => {
  const words = useWords(vendorWords);
  const texts = words.texts[ownTexts.has(preset) ? (preset as 'microsoft') : 'other'];
  const Icon = isDone ? IconCircleCheckFilled : IconCircleDashed;
  const scopes = step.copies.filter(({ name }) => name === 'scopes');
  const waits = step.code === 'consent' && step.copies.length === 0;
  return (
    <li className={classes.step}>
      <span className={isDone ? classes.done : classes.open}>
        <Icon size={20} aria-hidden />
        <VisuallyHidden>{isDone ? words.done : words.open}</VisuallyHidden>
      </span>
      <div className={classes.body}>
        <Text className={classes.title}>{words.titles[step.code]}</Text>
        {texts[step.code] !== '' && <Text size="sm">{texts[step.code]}</Text>}
        {step.copies
          .filter(({ name }) => name !== 'scopes')
          .map(({ name, value }) => (
            <CopyField key={name} label={words.copies[name]} value={value} />
          ))}
        {scopes.length > 0 && (
          <div className={classes.scopes}>
            {scopes.map(({ value }) => (
              <CopyField key={value} label={`${words.copies.scopes} ${value}`} value={value} bare />
            ))}
          </div>
        )}
        {waits && (
          <Text size="sm" c="dimmed">
            {words.waitsForClientId}
          </Text>
        )}
        {step.link !== undefined && (
          <Anchor href={step.link} target="_blank" rel="noopener noreferrer" size="sm">
            {words.goThere} <IconExternalLink size={14} aria-hidden />
            <VisuallyHidden> ({words.titles[step.code]})</VisuallyHidden>
          </Anchor>
        )}
      </div>
    </li>
  );
};
