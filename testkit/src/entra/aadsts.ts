import { type AadstsEntry, aadstsTable } from './aadsts-table.ts';

export type AadstsCode = keyof typeof aadstsTable;

export function isAadstsCode(code: number): code is AadstsCode {
  return Object.hasOwn(aadstsTable, code);
}

/** What a text's placeholders become; a missing one becomes an empty string. */
export type Fill = Partial<Record<'app' | 'app_name' | 'tenant' | 'user' | 'value' | 'other', string>>;

/** A refusal of Entra. How it is shown (JSON, redirect, page) is up to the endpoint that catches it. */
export class AadstsError extends Error {
  readonly code: number;
  readonly entry: AadstsEntry;

  constructor(code: AadstsCode, fill: Fill = {}, changes: Partial<AadstsEntry> = {}) {
    const entry: AadstsEntry = { ...aadstsTable[code], ...changes };
    const text = entry.text.replace(/\{(\w+)\}/g, (_, name: keyof Fill) => fill[name] ?? '');
    super(`AADSTS${code}: ${text}`);
    this.code = code;
    this.entry = entry;
  }
}

export interface Trace {
  traceId: string;
  correlationId: string;
  at: Date;
}

/** `2026-01-09 02:02:12Z`, as Entra writes moments. */
export function entraTimestamp(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

export function describeError(message: string, trace: Trace): string {
  return [
    message,
    `Trace ID: ${trace.traceId}`,
    `Correlation ID: ${trace.correlationId}`,
    `Timestamp: ${entraTimestamp(trace.at)}`,
  ].join('\r\n');
}

/** The one JSON shape of every error at the token and metadata endpoints. */
export function errorBody(error: AadstsError, trace: Trace): Record<string, unknown> {
  return {
    error: error.entry.error,
    error_description: describeError(error.message, trace),
    error_codes: [error.code],
    timestamp: entraTimestamp(trace.at),
    trace_id: trace.traceId,
    correlation_id: trace.correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${error.code}`,
    ...(error.entry.suberror ? { suberror: error.entry.suberror } : {}),
    ...(error.entry.claims ? { claims: error.entry.claims } : {}),
  };
}
