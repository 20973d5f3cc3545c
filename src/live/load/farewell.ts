/** Ends legacy sessions at the target as a polite client does (DELETE): a load test should leave nothing behind. */
import type { Dispatcher } from 'undici';
import { Exchange } from '../driver/exchange.ts';
import { legacyHeaders } from '../driver/wire.ts';
import type { Endpoint } from './target.ts';

/** A target that does not answer is not waited for longer than this. */
const PATIENCE_MS = 2_000;

/** Resolves when the target has answered all of them, or has had its time. */
export const endSessions = async (
  dispatcher: Dispatcher,
  endpoint: Endpoint,
  ids: readonly string[],
): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)));
  const farewells = ids.map(
    (id) => new Promise((done) => endSession(dispatcher, endpoint, id, done)),
  );
  await Promise.race([Promise.all(farewells), patience]);
  clearTimeout(timer);
};

export const endSession = (
  dispatcher: Dispatcher,
  { url, headers }: Endpoint,
  id: string,
  done: (reply: unknown) => void = () => {},
): void => {
  dispatcher.dispatch(
    {
      method: 'DELETE',
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      headers: { ...headers, ...legacyHeaders(id) },
    },
    new Exchange(done),
  );
};
