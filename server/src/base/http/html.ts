/**
 * @module HTML by tagged template: every value is escaped, except what `html` itself made.
 */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => entities[char] as string);

type Value = Html | string | number | false | null | undefined | readonly Value[];

const render = (value: Value): string => {
  if (value === false || value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(render).join('');
  return value instanceof Html ? value.text : escapeHtml(String(value));
};

/** `html\`<p>${name}</p>\``: arrays are joined; false, null and undefined vanish. */
export const html = (parts: TemplateStringsArray, ...values: Value[]): Html =>
  new Html(parts.reduce((out, part, i) => out + render(values[i - 1]) + part));
