/** What a request says over HTTP, before its body is looked at. */
import type { IncomingMessage } from 'node:http';

/** Who asks for a whole URL, as every server must accept, means its host, not the header's (RFC 9112, section 3.2.2). */
export const targetOf = ({
  url = '',
  headers,
}: IncomingMessage): { readonly path: string; readonly host: string | undefined } => {
  if (url.startsWith('/') || !URL.canParse(url)) return { path: url, host: headers.host };
  const { pathname, search, host } = new URL(url);
  return { path: pathname + search, host };
};

/** Its body, if any, is not compressed. */
export const isPlain = ({ headers }: IncomingMessage): boolean =>
  (headers['content-encoding'] ?? 'identity') === 'identity';
