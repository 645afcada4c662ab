import { describe, expect, it } from 'vitest';
import { isPlainJsonPath } from '#model/users/plain-json-path.ts';

describe('isPlainJsonPath', () => {
  it.each([
    '$',
    '$.desk',
    '$.desk.floor == 2',
    '$."a key".b[*] ? (@ == "x")',
    '$.rooms[*] ? (@.id == "r-1" && @.floor >= -2.5).name',
    '$[0 to last] ? (!(@.a == true) || exists(@.b))',
    'strict $.a starts with "b"',
    '!($.floor == 3) && $.note == "a \\"quoted\\" $ ? @"',
    'exists($.note)',
  ])('knows the way of %s', (path) => {
    expect(isPlainJsonPath(path)).toBe(true);
  });

  it.each([
    ['every pair of items', '$[*] ? ($[*] == -1)'],
    ['every pair of items', '$.a == $.b'],
    ['every pair of items', '$ ? (@[*] == @[*])'],
    ['twice as many with every step', `$${'[0,0]'.repeat(40)}`],
    ['all depths of all depths', '$.**.**.**.**'],
    ['three times as many with every step', `$${'.keyvalue()'.repeat(40)}`],
    ['an expression that may take for ever', '$.a like_regex "(a*)*b"'],
    ['more than a path needs', `$${'.a'.repeat(300)}`],
    ['no path', '$['],
  ])('S-130 refuses %s: %s', (_why, path) => {
    expect(isPlainJsonPath(path)).toBe(false);
  });

  it('S-130 judges hostile texts at once', () => {
    for (const unit of ['!', '(', '$.a == 1 && ', '[*]', '"\\', '$.a ', ' ']) {
      const started = performance.now();
      isPlainJsonPath(`$${unit.repeat(512)}`.slice(0, 512));
      expect(performance.now() - started).toBeLessThan(200);
    }
  });
});
