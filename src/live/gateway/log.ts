/** Where the gateway writes what it does: pino has this shape, and so has silence. */
export interface Log {
  info(facts: object, text: string): void;
  warn(facts: object, text: string): void;
  error(facts: object, text: string): void;
}

export const SILENT: Log = { info: () => {}, warn: () => {}, error: () => {} };
