import { Group, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '#lib/words.ts';
import { formWords } from './words.ts';

export interface DurationInputProps {
  label: string;
  name?: string;
  /** Seconds; NaN while nothing that is a number stands there. */
  value: number;
  onChange: (seconds: number) => void;
  error?: string | undefined;
}

const sizes = { days: 86_400, hours: 3600, minutes: 60 } as const;
type Unit = keyof typeof sizes;
const units = Object.keys(sizes) as Unit[];

const largestUnitOf = (seconds: number): Unit =>
  units.find((unit) => seconds % sizes[unit] === 0) ?? 'minutes';

/** A length of time as a number and a unit. */
export const DurationInput = ({ label, name, value, onChange, error }: DurationInputProps) => {
  const { units: words } = useWords(formWords);
  const [unit, setUnit] = useState(() => largestUnitOf(value));
  const count = Number((value / sizes[unit]).toFixed(2));
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <TextInput
        type="number"
        inputMode="decimal"
        min={0}
        step="any"
        w="8rem"
        label={label}
        name={name}
        error={error}
        value={Number.isNaN(value) ? '' : count}
        onChange={(event) => onChange(Math.round(event.currentTarget.valueAsNumber * sizes[unit]))}
        styles={{ label: { whiteSpace: 'nowrap' }, error: { whiteSpace: 'nowrap' } }}
      />
      <NativeSelect
        aria-label={words.of(label)}
        value={unit}
        mb={error === undefined ? 0 : 24}
        onChange={(event) => {
          const next = event.currentTarget.value as Unit;
          setUnit(next);
          onChange(Math.round((value / sizes[unit]) * sizes[next]));
        }}
        data={units.map((each) => ({ value: each, label: words[each] }))}
      />
    </Group>
  );
};
