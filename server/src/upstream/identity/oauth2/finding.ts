/** Something that a check of a source found, in words for the administrator who types. */
export interface Finding {
  /** Wire name of the field; '' for the source as a whole. */
  field: string;
  level: 'error' | 'warning' | 'ok';
  /** Stable; other languages word it by this and `values`. */
  code: string;
  message: string;
  fix?: string;
  values?: Record<string, string>;
}
