/**
 * @module Secrets that a test plants, and the search for them: in plain, base64, base64url, hex and URL-encoded form,
 * at any offset of what they may be embedded in (S-95).
 */

export interface Canaries {
  /** Answers the value. `issued`: Foyer makes it, so the answers marked with it may carry it. */
  plant<V extends string>(name: string, value: V): V;
  plantBytes(name: string, value: Buffer): void;
  readonly names: readonly string[];
  /** Names (and forms) of the canaries in it. */
  find(haystack: string | Buffer): string[];
}

interface Needle {
  name: string;
  bytes: Buffer;
}

/** The middle of a long secret: it is found where the whole was cut, too. Of a JWT, the signature: the rest is no secret. */
const coreOf = (value: string): string => {
  const jwt = /^[\w-]+\.[\w-]+\.([\w-]+)$/.exec(value);
  const core = jwt?.[1] ?? value;
  return core.length > 64 ? core.slice(8, 48) : core;
};

/** Base64 of the bytes wherever they stand in a longer text: the characters at both ends depend on the neighbours. */
const base64Forms = (bytes: Buffer): string[] =>
  [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = Math.ceil((offset * 8) / 6);
    const to = Math.floor(((offset + bytes.length) * 8) / 6);
    return text.slice(from, to);
  });

const formsOf = (bytes: Buffer): [form: string, bytes: Buffer][] => {
  const text = bytes.toString('utf8');
  const isText = Buffer.from(text).equals(bytes);
  const base64 = base64Forms(bytes);
  const texts: [string, string][] = [
    ...base64.map((form): [string, string] => ['base64', form]),
    ...base64.map((form): [string, string] => ['base64url', form.replaceAll('+', '-').replaceAll('/', '_')]),
    ['hex', bytes.toString('hex')],
    ['HEX', bytes.toString('hex').toUpperCase()],
    ...(isText
      ? ([
          ['URL', encodeURIComponent(text)],
          ['form', new URLSearchParams([['', text]]).toString().slice(1)],
          ['JSON', JSON.stringify(text).slice(1, -1)],
        ] as [string, string][])
      : []),
  ];
  const forms: [string, Buffer][] = [['plain', bytes]];
  const seen = new Set([bytes.toString('latin1')]);
  for (const [form, each] of texts) {
    if (!seen.has(each)) forms.push([form, Buffer.from(each)]);
    seen.add(each);
  }
  return forms;
};

export const createCanaries = (): Canaries => {
  const names: string[] = [];
  const byStart = new Map<number, Needle[]>();
  // Most places of a haystack begin no needle; two bytes tell that quickly.
  const mayBegin = new Uint8Array(65_536);

  const plantBytes = (name: string, value: Buffer): void => {
    if (value.length < 8) throw new Error(`${name} is too short to be searched for`);
    names.push(name);
    for (const [form, bytes] of formsOf(value)) {
      const start = bytes.readUInt32LE(0);
      byStart.set(start, [...(byStart.get(start) ?? []), { name: `${name} (${form})`, bytes }]);
      mayBegin[bytes.readUInt16LE(0)] = 1;
    }
  };

  return {
    names,
    plantBytes,
    plant(name, value) {
      plantBytes(name, Buffer.from(coreOf(value)));
      return value;
    },
    find(haystack) {
      const bytes = typeof haystack === 'string' ? Buffer.from(haystack) : haystack;
      const found = new Set<string>();
      for (let at = 0; at + 4 <= bytes.length; at++) {
        const pair = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
        if (mayBegin[pair] === 0) continue;
        for (const needle of byStart.get(bytes.readUInt32LE(at)) ?? []) {
          if (bytes.subarray(at, at + needle.bytes.length).equals(needle.bytes)) found.add(needle.name);
        }
      }
      return [...found];
    },
  };
};
