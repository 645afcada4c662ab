/**
 * @module JSON paths whose cost grows only with the documents: one way through them, and comparisons with literals.
 * PostgreSQL ends a query that takes too long; the embedded store cannot, and one path of fifty characters would hold
 * it for hours. So it answers these alone.
 * @see PostgreSQL §9.16.2
 */
const text = String.raw`"(?:[^"\\]|\\.)*"`;
const literal = String.raw`(?:${text}|-?\d+(?:\.\d+)?|true|false|null)`;
const step = String.raw`(?:\s*\.\s*(?:[A-Za-z_]\w*|${text}|\*)|\s*\[\s*(?:\*|\d+|last|\d+\s+to\s+(?:\d+|last))\s*\])`;

const conditionsOn = (root: string): string => {
  const path = `${root}${step}*`;
  const test = String.raw`(?:${path}\s*(?:==|!=|<>|<=|>=|<|>)\s*${literal}|${path}\s+starts\s+with\s+${text}|exists\s*\(\s*${path}\s*\))`;
  const part = String.raw`(?:${test}|!?\s*\(\s*${test}\s*\)|!\s*${test})`;
  return String.raw`${part}(?:\s*(?:&&|\|\|)\s*${part})*`;
};

const filtered = String.raw`\$${step}*(?:\s*\?\s*\(\s*${conditionsOn('@')}\s*\)${step}*)?`;
const plain = new RegExp(
  String.raw`^\s*(?:(?:strict|lax)\s+)?(?:${filtered}|${conditionsOn(String.raw`\$`)})\s*$`,
);

const maxLength = 512;

export const isPlainJsonPath = (jsonPath: string): boolean =>
  jsonPath.length <= maxLength && plain.test(jsonPath);
