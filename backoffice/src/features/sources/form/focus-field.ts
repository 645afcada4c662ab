/** Fields are found by id, so that a failed step, a refusal or a check can lead to them. */
import type { FieldName } from '../draft.ts';

export const fieldId = (field: string): string => `source-${field}`;

/** Brings a field into view and puts the cursor into it; answers false when it is not on the page. */
export const focusField = (field: FieldName | string): boolean => {
  const element = document.getElementById(fieldId(field));
  if (element === null) return false;
  element.closest('details')?.setAttribute('open', '');
  const target = element.matches('input, textarea, select, button')
    ? element
    : (element.querySelector<HTMLElement>('input, textarea, button') ?? element);
  target.scrollIntoView({ block: 'center' });
  target.focus({ preventScroll: true });
  return true;
};
