/**
 * What the tests of trouble share: servers and gateways that end with the test, raw bytes for whatever no decent client or
 * server would say, and a look at what is left when it is over.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { request, type ClientRequest } from 'node:http';
import { Backend, gatewayOver, until, type Answer, type Rig, type Sent } from './gateway-rig.ts';

/** A server that speaks bytes: `act` gets each connection once it has said something. */
export class RawServer {
  url = '';
  readonly sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(act: (socket: Socket, heard: string) => void) {
    this.#server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => {});
      socket.on('data', (chunk) => act(socket, chunk.toString('latin1')));
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/mcp`;
    return this;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

/** Everything a test opens, to be closed after it. */
export class Opened {
  readonly #all: { close(): unknown }[] = [];

  async backend(answer?: Answer, keepAliveMs?: number): Promise<Backend> {
    return this.keep(await new Backend(answer, keepAliveMs).listen());
  }

  async raw(act: (socket: Socket, heard: string) => void): Promise<RawServer> {
    return this.keep(await new RawServer(act).listen());
  }

  async gateway(servers: readonly { readonly url: string }[], text?: string): Promise<Rig> {
    return this.keep(await gatewayOver(servers, text));
  }

  async close(): Promise<void> {
    for (const each of this.#all.splice(0).reverse()) await each.close();
  }

  keep<T extends { close(): unknown }>(made: T): T {
    this.#all.push(made);
    return made;
  }
}

/** Calls in flight and streams open at all servers, as the gateway counts them. */
export const underWay = ({ served }: Rig): number =>
  served.world.roster.all
    .map(({ upstream }) => upstream!.inFlight + upstream!.streams)
    .reduce((sum, each) => sum + each, 0);

/** Connections of this process, either end of each; idle ones of a client's pool, which keep no process alive, not. */
export const openSockets = (): number =>
  process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;

/** Writes raw bytes, and gives all that comes back until the other side closes. */
export const raw = (port: number, text: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let got = '';
    socket.on('data', (chunk) => (got += chunk.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => resolve(got));
  });

/** A request over a connection of its own, whose answer is left to the test; errors are nobody's. */
export const begin = (port: number, { method = 'POST', headers, body }: Sent): ClientRequest => {
  const outgoing = request({
    ...{ host: '127.0.0.1', port, method, path: '/mcp', agent: false },
    headers: { 'content-type': 'application/json', ...headers },
  });
  outgoing.on('error', () => {});
  outgoing.on('response', (response) => response.on('error', () => {}));
  outgoing.end(body);
  return outgoing;
};

/** Opens `count` streams of what `sent` asks for; resolves when all have begun. */
export const openStreams = async (
  port: number,
  count: number,
  sent: Sent,
): Promise<readonly ClientRequest[]> => {
  let begun = 0;
  const streams = Array.from({ length: count }, () =>
    begin(port, sent).on('response', (response) => {
      begun++;
      response.resume();
    }),
  );
  await until(() => begun === count, 20_000);
  return streams;
};
