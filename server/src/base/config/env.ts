/** The only reader of `process.env`. Names and meaning are in `config.ts`. */
export type Env = Readonly<Record<string, string | undefined>>;

export const readEnv = (): Env => ({ ...process.env });
