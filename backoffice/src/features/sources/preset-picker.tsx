/** With what people sign in: the presets, and the kinds that are stored for later. */
import type { SourceKindName } from '@foyer/contract/source-lifecycle.ts';
import { Loader, Text, UnstyledButton } from '@mantine/core';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { useWords } from '#lib/words.ts';
import classes from './preset-picker.module.css';
import type { PresetName } from './presets/preset.ts';
import { presets } from './presets/presets.ts';
import { presetWords } from './presets/words.ts';
import { sourceWords } from './words.ts';

export type Choice = PresetName | 'saml' | 'ldap';

export const kindOfChoice = (choice: Choice): SourceKindName =>
  choice === 'saml' || choice === 'ldap' ? choice : 'oauth2';

const choices: readonly Choice[] = [...presets.map(({ name }) => name), 'saml', 'ldap'];

export interface PresetPickerProps {
  busy: Choice | undefined;
  onChoose: (choice: Choice) => void;
}

export const PresetPicker = ({ busy, onChoose }: PresetPickerProps) => {
  const words = useWords(presetWords);
  const { later } = useWords(sourceWords).new;
  return (
    <ul className={classes.grid}>
      {choices.map((choice) => (
        <li key={choice}>
          <UnstyledButton
            className={classes.card}
            disabled={busy !== undefined}
            onClick={() => onChoose(choice)}
          >
            <span className={classes.name}>
              {words.names[choice]} {busy === choice && <Loader size="xs" aria-hidden />}
            </span>
            <Text span size="sm" c="dimmed">
              {words.summaries[choice]}
            </Text>
            {kindOfChoice(choice) !== 'oauth2' && <StatusBadge tone="quiet">{later}</StatusBadge>}
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
};
