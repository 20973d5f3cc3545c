/**
 * One POST with a deadline that runs to the last byte. When it passes, the exchange is given up and its connection closed: a
 * modern server takes that as cancelling the request.
 */
import type { Dispatcher } from 'undici';
import type { Millis } from '../../core/units.ts';
import { Exchange, type Reply } from '../driver/exchange.ts';
import type { Message } from '../driver/wire.ts';
import type { Endpoint } from './target.ts';

/** A reply whose `error` is this was not there in time. */
export const TIMED_OUT = 'windtunnel: timeout';

export const post = (
  dispatcher: Dispatcher,
  { url, headers: own }: Endpoint,
  { headers, body }: Message,
  timeout: Millis | null,
  done: (reply: Reply) => void,
): void => {
  const exchange = new TimedExchange(timeout, done);
  dispatcher.dispatch(
    {
      method: 'POST',
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      headers: { ...own, ...headers },
      body,
    },
    exchange,
  );
};

class TimedExchange extends Exchange {
  #controller: Dispatcher.DispatchController | null = null;
  #late = false;

  constructor(timeout: Millis | null, done: (reply: Reply) => void) {
    let told = false;
    const once = (reply: Reply): void => {
      if (told) return;
      told = true;
      clearTimeout(timer);
      done(reply);
    };
    super(once);
    const timer =
      timeout === null
        ? undefined
        : setTimeout(() => {
            this.#late = true;
            once({ error: TIMED_OUT });
            this.#controller?.abort(new Error(TIMED_OUT));
          }, timeout);
  }

  /** Also called late, when the request has waited for a connection. */
  override onRequestStart(controller?: Dispatcher.DispatchController): void {
    if (controller === undefined) return;
    this.#controller = controller;
    if (this.#late) controller.abort(new Error(TIMED_OUT));
  }
}
