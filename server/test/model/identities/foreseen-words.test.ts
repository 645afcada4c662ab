import { expect, it } from 'vitest';
import { foreseenWords, type NotLinked } from '#model/identities/foreseen-words.ts';

const reasons: Record<NotLinked, true> = {
  linking_off: true,
  disabled: true,
  joined: true,
  not_verified: true,
  not_trusted: true,
  own_unverified: true,
};

const sentencesIn = (language: 'en' | 'de'): string[] => {
  const words = foreseenWords[language];
  return [
    words.otherKey('email', 'id'),
    words.known('Ann'),
    words.linkByEmail('Ann', 'ann@a.test'),
    words.trusted('Ann', 'ann@a.test'),
    words.created('ann@a.test'),
    words.createdWithoutEmail,
    ...(Object.keys(reasons) as NotLinked[]).map((why) => words.notLinked('Ann', why)),
    words.disabled('Ann'),
    words.noProvisioning,
  ];
};

it('says each thing in a sentence of its own, in both languages, about the same people', () => {
  const german = sentencesIn('de');
  const all = [...sentencesIn('en'), ...german];
  expect(new Set(all).size).toBe(all.length);
  for (const sentence of all) expect(sentence).toMatch(/^\S.*[^.]\.$/);
  for (const [i, sentence] of sentencesIn('en').entries()) {
    for (const name of sentence.match(/Ann|ann@a\.test/g) ?? []) expect(german[i]).toContain(name);
  }
});
