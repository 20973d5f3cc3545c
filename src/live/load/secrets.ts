/**
 * Headers that open the target's door: bearer tokens, API keys, cookies. They go onto the wire and nowhere else. What is
 * printed or written names where they come from (a file, a variable); whatever quotes the target passes `conceal` first,
 * because a server may echo what it was sent.
 */
import { ScenarioError } from '../../core/scenario-error.ts';

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Field values of RFC 9110 without obs-text: what every server reads alike. */
const VALUE = /^[\t\x20-\x7e]+$/;
/** Shorter values are no secrets, and concealing them would riddle every message. */
const SHORTEST = 4;
/** Set by us on every request: another value would be a different test. */
const OURS = new Set([
  'accept',
  'connection',
  'content-length',
  'content-type',
  'host',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'transfer-encoding',
]);

export class Secrets {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly #values: readonly string[];

  constructor(headers: Readonly<Record<string, string>>) {
    this.headers = headers;
    const values = Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/)]);
    this.#values = values
      .filter(({ length }) => length >= SHORTEST)
      .sort((a, b) => b.length - a.length);
  }

  /** The same text, with `***` where a secret stood. */
  conceal(text: string): string {
    return this.#values.reduce((shown, value) => shown.replaceAll(value, '***'), text);
  }
}

/** `Name: value` a line; empty lines and `#` comments are skipped. Throws ScenarioError, which quotes no value. */
export const parseHeaderFile = (file: string, text: string): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const place = { file, line: index + 1 };
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (colon < 0 || !NAME.test(name)) {
      throw new ScenarioError('not a header; allowed: a line such as `X-Api-Key: ...`', place);
    }
    expectAllowed(name, value, place);
    if (Object.hasOwn(headers, name)) throw new ScenarioError(`\`${name}\` is given twice`, place);
    headers[name] = value;
  }
  return headers;
};

/** The header of a bearer token from the variable `name`. Throws ScenarioError, which quotes no value. */
export const bearerHeader = (
  name: string,
  value: string | undefined,
): Readonly<Record<string, string>> => {
  const place = { file: `--bearer-env ${name}` };
  if (value === undefined || value.trim() === '')
    throw new ScenarioError('this environment variable is empty or not set', place);
  const authorization = `Bearer ${value.trim()}`;
  expectAllowed('authorization', authorization, place);
  return { authorization };
};

const expectAllowed = (name: string, value: string, place: { readonly file: string }): void => {
  if (OURS.has(name)) throw new ScenarioError(`\`${name}\` is set by windtunnel itself`, place);
  if (!VALUE.test(value))
    throw new ScenarioError(`the value of \`${name}\` is empty or not plain ASCII`, place);
};
