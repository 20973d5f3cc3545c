/**
 * Where an attempt goes: to the server that an affinity names, or to the balancer's pick among the candidates. Servers
 * tried before are set aside while others are left; so are picks whose circuit for the tool does not admit the call, and,
 * by chance, servers in slow start.
 */
import type { Request, ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import type { Members } from './members.ts';
import type { FleetOptions } from './options.ts';
import { Ramp } from './ramp.ts';
import type { Sessions } from './sessions.ts';
import { StickyKeys } from './sticky-keys.ts';

/** Why no server may take a call. `full`: those that could have as many calls as they may have. */
export type Lack = 'no-server' | 'circuit-open' | 'session-lost' | 'full';

export class Targets {
  readonly #options: FleetOptions;
  readonly #members: Members;
  readonly #sessions: Sessions;
  readonly #ramp: Ramp | null;
  readonly #keys: StickyKeys | null;
  /** Must a pick be looked at again? */
  readonly #picky: boolean;
  /** Scratch: servers out of the pick that is being made. */
  readonly #aside: ServerId[] = [];

  constructor(options: FleetOptions, members: Members, sessions: Sessions) {
    this.#options = options;
    this.#members = members;
    this.#sessions = sessions;
    this.#ramp = options.slowStart && new Ramp(options.slowStart);
    this.#keys = options.affinity === 'key' ? new StickyKeys(options.rebalance, members) : null;
    this.#picky = options.slowStart !== null || options.circuits === 'tool';
  }

  /** Must the request go to the server that holds its session? */
  isPinned({ session, era, kind }: Request): boolean {
    return (
      session !== 0 && era === 'legacy' && kind === 'call' && this.#options.affinity === 'session'
    );
  }

  /** The server that a pinned request waits for; -1 for any other. */
  laneOf(request: Request): ServerId {
    return this.isPinned(request) ? (this.#sessions.holder(request.session) ?? -1) : -1;
  }

  /** A server, or why there is none. `tried`: servers of earlier attempts, the last one last. */
  choose(now: Millis, request: Request, tried: readonly ServerId[]): ServerId | Lack {
    if (this.isPinned(request)) return this.#holder(now, request);
    const { eligibility } = this.#members;
    if (eligibility.candidates.size === 0) return this.#lack();
    if (this.#members.full) return 'full';
    const keys = request.key === 0 ? null : this.#keys;
    const kept = keys?.holder(now, request.key) ?? -1;
    if (
      kept >= 0 &&
      !tried.includes(kept) &&
      eligibility.takes(now, this.#members.all[kept]!, request.tool)
    )
      return kept;
    const target = this.#pick(now, request, tried);
    if (typeof target === 'number') keys?.keep(now, request.key, target);
    return target;
  }

  #lack(): Lack {
    const { fitCount, healthyCount } = this.#members.eligibility;
    if (fitCount > 0) return 'full';
    return healthyCount > 0 ? 'circuit-open' : 'no-server';
  }

  /** The server of a pinned session, which may be draining: it keeps its sessions until its deadline. */
  #holder(now: Millis, { session, tool }: Request): ServerId | Lack {
    const members = this.#members;
    const server = this.#sessions.holder(session);
    if (server === undefined || this.#sessions.moves(now, session, server)) return 'session-lost';
    const member = members.all[server]!;
    const { eligibility } = members;
    if (!eligibility.panicking && !eligibility.trusts(now, member)) return 'no-server';
    if (!eligibility.takes(now, member, tool)) return 'circuit-open';
    return member.full || members.full ? 'full' : server;
  }

  #pick(now: Millis, request: Request, tried: readonly ServerId[]): ServerId | Lack {
    const { eligibility } = this.#members;
    const { candidates } = eligibility;
    const { balancer } = this.#options;
    if (tried.length === 0 && !this.#picky) return balancer.pick(now, request, candidates);
    const aside = this.#aside;
    aside.length = 0;
    for (let k = tried.length - 1; k >= 0 && candidates.size > 1; k--) {
      if (candidates.has(tried[k]!)) this.#setAside(now, tried[k]!);
    }
    const target = this.#picky
      ? this.#acceptable(now, request)
      : balancer.pick(now, request, candidates);
    for (const server of aside) eligibility.putBack(now, server);
    return target;
  }

  /** Picks until a server takes the call; one in slow start that was passed over takes it if no other does. */
  #acceptable(now: Millis, request: Request): ServerId | Lack {
    const { all, eligibility } = this.#members;
    const { candidates } = eligibility;
    let passedOver: ServerId | Lack = 'circuit-open';
    for (;;) {
      const server = this.#options.balancer.pick(now, request, candidates);
      const member = all[server]!;
      if (eligibility.takes(now, member, request.tool)) {
        if (this.#ramp === null || this.#ramp.accepts(now, member.upSince)) return server;
        if (typeof passedOver === 'string') passedOver = server;
      }
      if (candidates.size === 1) return passedOver;
      this.#setAside(now, server);
    }
  }

  #setAside(now: Millis, server: ServerId): void {
    this.#members.eligibility.setAside(now, server);
    this.#aside.push(server);
  }
}
