/** A balancer that goes by what it sees itself: it neither listens to reports of load nor asks for them. */
import { NOBODY } from './balancer.ts';
import type { ServerId } from '../../core/request.ts';

export abstract class Unreported {
  readonly listens: boolean = false;
  readonly polls: boolean = false;

  reported(): void {}

  poll(): ServerId {
    return NOBODY;
  }
}
