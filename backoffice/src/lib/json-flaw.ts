/**
 * @module Where a JSON text is broken. Browsers disagree on whether their message says it, so the text is walked here, for
 * texts that `JSON.parse` has refused.
 */
export interface JsonFlaw {
  line: number;
  column: number;
  /** What stands there; '' at the end of the text. */
  found: string;
}

class Broken extends Error {
  readonly at: number;
  constructor(at: number) {
    super('broken JSON');
    this.at = at;
  }
}

const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const blank = /[ \t\r\n]*/y;

const walk = (text: string): number => {
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at += found[0].length;
    return found !== null;
  };
  const expect = (ok: boolean): void => {
    if (!ok) throw new Broken(at);
  };
  const sign = (char: string): boolean => {
    take(blank);
    if (text[at] !== char) return false;
    at += 1;
    return true;
  };
  const members = (end: string, member: () => void): void => {
    if (sign(end)) return;
    do member();
    while (sign(','));
    expect(sign(end));
  };
  const value = (): void => {
    take(blank);
    if (sign('{')) {
      members('}', () => {
        take(blank);
        expect(take(string));
        expect(sign(':'));
        value();
      });
    } else if (sign('[')) members(']', value);
    else expect(take(string) || take(scalar));
  };
  value();
  take(blank);
  expect(at === text.length);
  return at;
};

/** The first place that is not JSON; `undefined` when all of it is. */
export const findJsonFlaw = (text: string): JsonFlaw | undefined => {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    const before = text.slice(0, brokenAt(text));
    const line = before.split('\n').length;
    const column = before.length - before.lastIndexOf('\n');
    return { line, column, found: text.slice(before.length, before.length + 12).split('\n')[0] ?? '' };
  }
};

const brokenAt = (text: string): number => {
  try {
    return walk(text);
  } catch (error) {
    // Nested deeper than the walk goes: the place is not known.
    return error instanceof Broken ? error.at : 0;
  }
};
