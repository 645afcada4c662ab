import { expect, it } from 'vitest';
import { languageOf } from '#base/lib/language.ts';

it('goes by the first language, and is English for all but German', () => {
  for (const accepted of ['de', 'DE', 'de-AT', 'de-CH,de;q=0.9,en;q=0.8', ' de;q=1', 'de, en']) {
    expect(languageOf(accepted), accepted).toBe('de');
  }
  for (const accepted of [undefined, '', 'en', 'en-GB,de;q=0.9', 'fr', '*', 'den', 'de_', 'x-de']) {
    expect(languageOf(accepted), accepted).toBe('en');
  }
});
