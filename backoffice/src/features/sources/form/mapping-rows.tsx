/** The rows of a source, each with what its halves are called and what a row means. */
import { useWords } from '#lib/words.ts';
import type { Pair } from '../draft.ts';
import { PairRows } from './pair-rows.tsx';
import { fieldLabels, formWords } from './words.ts';

export const MappingRows = () => {
  const words = useWords(formWords);
  const explain = ({ key, value }: Pair): string | undefined => {
    const target: string | undefined = Object.hasOwn(words.targets, key.trim())
      ? words.targets[key.trim() as keyof typeof words.targets]
      : undefined;
    const [first, ...others] = value
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
    const comma =
      first === undefined || others.length === 0 ? undefined : words.comma(first, others.join(', '));
    const said = [target, comma].filter((each) => each !== undefined).join('. ');
    return said === '' ? undefined : said;
  };
  return (
    <PairRows
      name="info_mappings"
      label={fieldLabels.info_mappings}
      help={words.help.info_mappings}
      keyLabel={words.target}
      valueLabel={words.remote}
      keys={Object.keys(words.targets)}
      explain={explain}
    />
  );
};

export const MatchingRows = () => {
  const words = useWords(formWords);
  return (
    <PairRows
      name="ensure_matching"
      label={fieldLabels.ensure_matching}
      help={words.help.ensure_matching}
      keyLabel={words.claim}
      valueLabel={words.acceptedValues}
      isList
    />
  );
};

export const ParameterRows = () => {
  const words = useWords(formWords);
  return (
    <PairRows
      name="authorize_params"
      label={fieldLabels.authorize_params}
      help={words.help.authorize_params}
      keyLabel={words.parameter}
      valueLabel={words.value}
    />
  );
};
