/**
 * What a gateway makes of a request before the fleet sees it: its numbers (the driver's, or its own as requests come), its
 * tool and whether it may be repeated, its session, and the key of whoever sent it: the credentials if there are any, else
 * the address.
 */
import type { IncomingMessage } from 'node:http';
import type { Request } from '../../core/request.ts';
import type { Clock } from '../clock.ts';
import type { Inbound } from '../mcp/era.ts';
import { fnv1a } from './fnv1a.ts';
import { isRepeatable, labelOf } from './methods.ts';
import type { Session, SessionNames } from './session-names.ts';
import type { ToolCatalogue } from './tool-catalogue.ts';

export interface Reading extends Omit<Request, 'account' | 'era'> {
  /** What meters call it: the tool's name, or the method. */
  readonly label: string;
}

/** Never pinned, and unknown to every fleet. */
const UNKNOWN_SESSION = -1;

export class Reader {
  readonly #tools: ToolCatalogue;
  readonly #clock: Clock;
  readonly #sessions: SessionNames;
  #arrivals = 0;

  constructor(tools: ToolCatalogue, clock: Clock, sessions: SessionNames) {
    this.#tools = tools;
    this.#clock = clock;
    this.#sessions = sessions;
  }

  read(request: IncomingMessage, inbound: Inbound, session: Session | undefined): Reading {
    const { what, method, name, driven } = inbound;
    const isTool = method === 'tools/call' && name !== null;
    const tool = isTool ? this.#tools.indexOf(name) : -1;
    const isHandshake = method === 'initialize' && what === 'request';
    return {
      arrival: driven?.arrival ?? this.#arrivals++,
      call: driven?.call ?? 0,
      kind: isHandshake ? 'initialize' : 'call',
      tool,
      safe: isTool ? this.#tools.isSafe(name) : what === 'request' && isRepeatable(method),
      session: isHandshake
        ? (driven?.session ?? this.#sessions.issue())
        : inbound.session === null
          ? 0
          : (session?.number ?? UNKNOWN_SESSION),
      key: driven === null ? keyOf(request) : (driven.key ?? 0),
      at: this.#clock.now(),
      label: tool >= 0 ? name! : labelOf(method),
    };
  }
}

const keyOf = ({ headers, socket }: IncomingMessage): number =>
  fnv1a(headers.authorization ?? socket.remoteAddress ?? '');
