/**
 * Values of mirrored headers (`Mcp-Name`), which SEP-2243 lets travel in Base64 between `=?base64?` and `?=` when a
 * header cannot hold them as they are; whoever inspects such a value must decode it.
 */
const SENTINEL = /^=\?base64\?(.*)\?=$/s;
/** With its padding, and nothing else: what `Buffer` would skip in silence is refused. */
const CANONICAL = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** What can stand in a header as it is: printable ASCII without spaces at its ends. */
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** `text` as a header holds it. */
export const encodeHeaderValue = (text: string): string =>
  PLAIN.test(text) && !text.startsWith('=?')
    ? text
    : `=?base64?${Buffer.from(text, 'utf8').toString('base64')}?=`;

/** What the header says; null when its Base64 or the UTF-8 in it is broken. */
export const decodeHeaderValue = (value: string): string | null => {
  if (!value.startsWith('=?')) return value;
  const [, encoded] = SENTINEL.exec(value) ?? [];
  if (encoded === undefined) return value;
  if (!CANONICAL.test(encoded)) return null;
  try {
    return utf8.decode(Buffer.from(encoded, 'base64'));
  } catch {
    return null;
  }
};
