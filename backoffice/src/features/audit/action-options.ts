/** Choices of the action filter: groups, and in each its actions, worded as what somebody did. */
import type { Language } from '#lib/words.ts';
import { actionGroups, actionWords } from './action-words.ts';

interface Option {
  value: string;
  label: string;
}

export interface OptionGroup {
  group: string;
  items: Option[];
}

/** "… changed the source …" */
const labelOf = (action: string, language: Language): string =>
  (actionWords[language][action as keyof typeof actionWords.en] ?? action)
    .replaceAll(/\{\w+\}/g, '…')
    .replace(/^…\s*/, '');

/** @param unknown an action from the address that is no group: it stays choosable whether it is known or not */
export const actionOptions = (
  language: Language,
  groupNames: Readonly<Record<(typeof actionGroups)[number], string>>,
  unknown: string | undefined,
): OptionGroup[] => {
  const actions = [...new Set(Object.keys(actionWords.en).map((each) => each.replace(/\.denied$/, '')))];
  const options = actionGroups.map((group): OptionGroup => {
    const isPrefix = group.endsWith('.');
    const within = actions.filter((each) => (isPrefix ? each.startsWith(group) : each === group));
    return {
      group: groupNames[group],
      items: isPrefix
        ? [
            { value: group, label: `${groupNames[group]}: *` },
            ...within.map((each) => ({ value: each, label: labelOf(each, language) })),
          ]
        : [{ value: group, label: groupNames[group] }],
    };
  });
  const listed = new Set(options.flatMap(({ items }) => items.map(({ value }) => value)));
  const others = [...actions, ...(unknown === undefined ? [] : [unknown])].filter(
    (each) => !listed.has(each),
  );
  const items = [...new Set(others)].map((each) => ({ value: each, label: labelOf(each, language) }));
  return items.length === 0 ? options : [...options, { group: '…', items }];
};
