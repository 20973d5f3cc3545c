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
  return found === null ? idIn(parsed(message)) : (found[1] ?? found[2])!;
};

/** Is there one key `id` at most, however it may be written? */
const isPlain = (message: Buffer): boolean =>
  message.indexOf(KEY) === message.lastIndexOf(KEY) && !message.includes('\\u00');

const atAnEdge = (message: Buffer): RegExpExecArray | null =>
  FIRST.exec(message.toString('latin1', 0, EDGE)) ??
  LAST.exec(message.toString('latin1', Math.max(0, message.length - EDGE)));

/** Is it a response, or a batch with one, to another request than that of this id? What names no request is not. */
export const answersAnother = (message: Buffer, id: string): boolean => {
  const found = isPlain(message) ? atAnEdge(message) : null;
  return found !== null ? isOther(found, id) : parsesAsAnother(message, id);
};

/** The same of what may not be whole yet, and is no answer then. */
export const parsesAsAnother = (message: Buffer, id: string): boolean => {
  const parts = parsed(message);
  return (Array.isArray(parts) ? parts : [parts]).some((part: unknown) => {
    const other = idIn(part);
    return other !== null && other !== id && isRecord(part) && !('method' in part);
  });
};

/** Does a message whose end is yet to come begin with the id of another request? */
export const beginsAsAnother = (start: Buffer, id: string): boolean => {
  const found = FIRST.exec(start.toString('latin1', 0, EDGE));
  return found !== null && isOther(found, id);
};

/** Would it be an answer to another request, if this is its end? */
export const endsAsAnother = (end: Buffer, id: string): boolean => {
  const found = LAST.exec(end.toString('latin1', Math.max(0, end.length - EDGE)));
  return found !== null && isOther(found, id);
};

const isOther = (found: RegExpExecArray, id: string): boolean => (found[1] ?? found[2]) !== id;

const idIn = (message: unknown): string | null => {
  const id = isRecord(message) ? message['id'] : null;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
};

const parsed = (message: Buffer): unknown => {
  try {
    // Some servers write a byte order mark in front, which JSON does not have (RFC 8259, section 8.1).
    return JSON.parse(message.toString().replace(/^\ufeff/, ''));
  } catch {
    return null;
  }
};
