/**
 * The id of a JSON-RPC message, as text: 7 and "7" are the same one, as they are to the official clients. A message that
 * says `"id"` only once, and says it first or last as every official library does, need not be parsed.
 */
import { isRecord } from './is-record.ts';

/** What begins a message, or ends it: an id that is the same as text and parsed. */
const VALUE = /(?:(0|-?[1-9]\d{0,14})|"([ !#-[\]-~]*)")/.source;
const FIRST = new RegExp(
  `^\\s*\\{\\s*(?:"jsonrpc"\\s*:\\s*"2\\.0"\\s*,\\s*)?"id"\\s*:\\s*${VALUE}\\s*[,}]`,
);
const LAST = new RegExp(`[,{]\\s*"id"\\s*:\\s*${VALUE}\\s*\\}\\s*$`);
/** Room for either, bytes. */
const EDGE = 128;
const KEY = '"id"';

/** Of a whole message; null when it has none, or is not a single message. */
export const idText = (message: Buffer): string | null => {
  const found = isPlain(message) ? atAnEdge(message) : null;
  return found === null ? parsedId(message) : (found[1] ?? found[2])!;
};

/** Is there one key `id` at most, however it may be written? */
const isPlain = (message: Buffer): boolean =>
  message.indexOf(KEY) === message.lastIndexOf(KEY) && !message.includes('\\u00');

const atAnEdge = (message: Buffer): RegExpExecArray | null =>
  FIRST.exec(message.toString('latin1', 0, EDGE)) ??
  LAST.exec(message.toString('latin1', Math.max(0, message.length - EDGE)));

/** Of bytes that may be less than a whole message; null then, too. */
export const parsedId = (message: Buffer): string | null => {
  try {
    const whole: unknown = JSON.parse(message.toString());
    const id = isRecord(whole) ? whole['id'] : null;
    return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
  } catch {
    return null;
  }
};
