import { describe, expect, it } from 'vitest';
import { parseJsonStrict } from '#base/lib/egress/parse-json-strict.ts';
import { refusalOf } from './loopback.ts';

describe('JSON of other servers', () => {
  it.each<[string, unknown]>([
    ['{"a":{"b":[1,2,{"c":null}]},"d":"x:y\\"z\\\\"}', { a: { b: [1, 2, { c: null }] }, d: 'x:y"z\\' }],
    ['{"a:\\"":1,"b\\\\":"\\\\"}', { 'a:"': 1, 'b\\': '\\' }],
    ['[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }]],
    ['"text: {"', 'text: {'],
    ['[]', []],
    ['null', null],
  ])('S-25 finds no flaw in %s', (text, value) => {
    expect(parseJsonStrict(text)).toEqual({ value, flaws: [] });
  });

  it.each([
    ['{"a":1,"a":2}', ['duplicate_key']],
    ['{"x":[{"a" : 1,\n"b":0, "\\u0061":2}]}', ['duplicate_key']],
    ['{"__proto__":1,"__proto__":2}', ['duplicate_key']],
    ['{"a":"\\u0000"}', ['nul']],
    ['{"\\u0000":1}', ['nul']],
    ['["\\ud83d"]', ['lone_surrogate']],
    ['["\ud83d"]', ['lone_surrogate']],
    ['["\\ud83d\\ude00"]', []],
  ])('S-25 finds the flaws of %s', (text, flaws) => {
    expect(parseJsonStrict(text).flaws).toEqual(flaws);
  });

  it('S-132 drops __proto__ at every level, however it is written', () => {
    const { value } = parseJsonStrict('{"__proto__":{"admin":true},"a":[{"\\u005f_proto__":1,"b":2}]}');
    expect(JSON.stringify(value)).toBe('{"a":[{"b":2}]}');
    expect(Object.assign({}, value)).not.toHaveProperty('admin');
  });

  it('S-105 bounds depth before anything is parsed, and counts no bracket inside a string', async () => {
    expect(parseJsonStrict(`{"a":"${'['.repeat(100)}"}`).flaws).toEqual([]);
    expect((await refusalOf(() => parseJsonStrict('{"a":'.repeat(33)))).detail).toBe('json depth');
    expect((await refusalOf(() => parseJsonStrict('['.repeat(1_000_000)))).detail).toBe('json depth');
    expect((await refusalOf(() => parseJsonStrict('[[1]]', 1))).detail).toBe('json depth');
  });

  it.each(['', '{', '{"a":1,}', "{'a':1}", 'NaN', '{"a":"\0"}', '"', '"\\"', '[1]]'])(
    'S-25 refuses %j',
    async (text) => {
      expect(await refusalOf(() => parseJsonStrict(text))).toMatchObject({
        code: 'upstream_invalid',
        detail: 'json',
      });
    },
  );

  it('S-105 reads a mebibyte of quotes, backslashes or spaces in linear time', () => {
    for (const filling of ['\\"', '\\\\', ' ', ':']) {
      const text = `{"a":"${filling.repeat(Math.floor(1_000_000 / filling.length))}"}`;
      const started = performance.now();
      expect(parseJsonStrict(text).flaws).toEqual([]);
      expect(performance.now() - started).toBeLessThan(500);
    }
  });
});
