/** What every ejection by sweeps has: its options and dice, and the roster of the servers that it watches. */
import type { ServerId } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import type { Millis } from '../../core/units.ts';
import { Roster, type Watched } from './roster.ts';

export abstract class Sweeping<
  Options extends { readonly interval: Millis },
  Server extends Watched,
> {
  readonly every: Millis;
  readonly changed: ServerId[];
  protected readonly options: Options;
  protected readonly rng: Rng;
  protected readonly roster: Roster<Server>;

  constructor(options: Options, rng: Rng, watch: (id: ServerId) => Server) {
    this.every = options.interval;
    this.options = options;
    this.rng = rng;
    this.roster = new Roster(watch);
    this.changed = this.roster.changed;
  }

  joined(_now: Millis, server: ServerId): void {
    this.roster.join(server);
  }

  left(_now: Millis, server: ServerId): void {
    this.roster.leave(server);
  }

  ejected(server: ServerId): boolean {
    return this.roster.isEjected(server);
  }

  because(server: ServerId): string {
    return this.roster.because(server);
  }
}
