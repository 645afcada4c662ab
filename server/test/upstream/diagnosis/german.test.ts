import { describe, expect, test } from 'vitest';
import { catalogue } from '#upstream/diagnosis/catalogue.ts';
import { diagnose } from '#upstream/diagnosis/diagnosis.ts';
import { germanTexts } from '#upstream/diagnosis/german.ts';
import first from '../../../src/upstream/diagnosis/catalogue-de-1.json' with { type: 'json' };
import second from '../../../src/upstream/diagnosis/catalogue-de-2.json' with { type: 'json' };

type Texts = NonNullable<ReturnType<typeof germanTexts>>;
const sentencesOf = ({ title, cause, person, fix }: Texts): string[] => [title, cause, person, ...fix];

/** Without addresses, and without what stands in quotation marks: menus that are English in German consoles, too. */
const bare = (text: string): string => text.replace(/„[^“]*“|\S*\/\S+/g, '');

/** What must be the same in every language: addresses, members and values with an underscore, fields of the form. */
const constants =
  /https?:\/\/[^\s“”„]*[^\s“”„.,;:)]|[a-z]+(?:_[a-z]+)+|(?:Authorize|Token|User Profile) URL|Client ID|Token Method/g;

describe('the catalogue in German', () => {
  test('has every entry once, and none that the catalogue lacks', () => {
    const ids = [...Object.keys(first), ...Object.keys(second)];
    expect(ids.toSorted()).toEqual(catalogue.map(({ id }) => id).toSorted());
  });

  test('says everything, in as many steps', () => {
    for (const entry of catalogue) {
      const texts = germanTexts(entry.id) as Texts;
      expect(Object.keys(texts).toSorted(), entry.id).toEqual(['cause', 'fix', 'person', 'title']);
      expect(texts.fix.length, entry.id).toBe(entry.fix.length);
      expect(texts.title, entry.id).not.toMatch(/\.$/);
      for (const text of [texts.cause, texts.person]) expect(text, entry.id).toMatch(/[.!?]$/);
    }
  });

  test('has no English left, nor its quotation marks', () => {
    for (const entry of catalogue) {
      const texts = sentencesOf(germanTexts(entry.id) as Texts);
      for (const [i, english] of sentencesOf(entry).entries()) {
        const text = texts[i] as string;
        // Some steps name a vendor and its address, and nothing else.
        if (/\b[a-z]+\b/.test(bare(english))) expect(text, entry.id).not.toBe(english);
        expect(text, entry.id).toMatch(/^\S(?:.*\S)?$/);
        expect(bare(text), entry.id).not.toMatch(
          /\b(?:the|and|is|are|of|your|please|not|with|from|sign|choose|check)\b|”/i,
        );
        expect(text.split('„').length, `${entry.id}: ${text}`).toBe(text.split('“').length);
      }
    }
  });

  test('keeps addresses, members and the names of fields', () => {
    for (const entry of catalogue) {
      const texts = sentencesOf(germanTexts(entry.id) as Texts);
      for (const [i, english] of sentencesOf(entry).entries()) {
        for (const constant of english.match(constants) ?? []) expect(texts[i], entry.id).toContain(constant);
      }
    }
  });

  test('S-107 what the person reads names no field, address, id or code of the set-up', () => {
    for (const { id } of catalogue) {
      expect(germanTexts(id)?.person, id).not.toMatch(
        /AADSTS|client|secret|geheim|scope|token|URL|mandant|zertifikat|aussteller|_/i,
      );
    }
  });

  test('an answer differs from the English one in its texts only', () => {
    const evidence = { errorCodes: [7000215] };
    const german = diagnose(evidence, 'de');
    expect(german.title).toBe('Das Client-Geheimnis ist falsch');
    expect(german).toEqual({ ...diagnose(evidence), ...germanTexts(german.id) });
    expect(diagnose(evidence).title).toBe('The client secret is wrong');
  });
});
