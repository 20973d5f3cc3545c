/** A small HTTP server that answers as a test tells it, and remembers what it was asked. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** The JSON-RPC message; null without a body. */
  readonly message: Message | null;
}

export interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params: {
    readonly name?: string;
    readonly protocolVersion?: string;
    readonly _meta: Readonly<Record<string, unknown>>;
  };
}

export interface FakeGateway {
  readonly url: URL;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

export const openGateway = async (
  answer: (asked: Asked, response: ServerResponse) => void,
): Promise<FakeGateway> => {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const message = body === '' ? null : (JSON.parse(body) as Message);
      const one = { method: request.method!, headers: request.headers, message };
      asked.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/mcp`),
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** Answers with a JSON-RPC result. */
export const succeed = (asked: Asked, response: ServerResponse, headers = {}): void => {
  response.setHeaders(new Map(Object.entries({ 'content-type': 'application/json', ...headers })));
  if (asked.message?.id === undefined) response.writeHead(202).end();
  else response.end(JSON.stringify({ jsonrpc: '2.0', id: asked.message.id, result: {} }));
};
