/** A fleet whose door the test opens itself: it tells the facts, and reads what was wanted, a line each. */
import { Fleet } from '../../src/fleet/fleet.ts';
import type { FleetOptions } from '../../src/fleet/options.ts';
import { fleetOptions } from '../../src/run.ts';
import type { Request } from '../../src/core/request.ts';
import { request } from '../contracts/balancer-arena.ts';
import { IntentionLog } from '../property/capricious-world.ts';
import { setupOf, type Lab } from '../sim/lab.ts';

export class Door {
  readonly fleet: Fleet;
  /** What was wanted when the doors opened. */
  readonly opening: readonly string[];
  readonly #log = new IntentionLog();
  #read = 0;
  #arrivals = 0;

  constructor(lab: Lab, change: Partial<FleetOptions> = {}) {
    this.fleet = new Fleet({ ...fleetOptions(setupOf(lab), {}, 1), ...change }, this.#log);
    this.fleet.opened(0);
    this.opening = this.wanted();
  }

  /** A request arrives; requests are numbered from 0. */
  arrive(now: number, change: Partial<Request> = {}): Request {
    const arriving = { ...request(this.#arrivals++, now), ...change };
    this.fleet.arrived(now, arriving);
    return arriving;
  }

  /** What was wanted since the last look, but for alarms. */
  wanted(): string[] {
    const news = this.#log.lines.slice(this.#read);
    this.#read = this.#log.lines.length;
    return news.filter((line) => !line.includes(' wake at '));
  }
}
