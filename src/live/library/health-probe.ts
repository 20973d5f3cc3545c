/** One health check as the reference makes it: GET {url}/health, good when the answer is 200 within the time allowed. */
import { request } from 'undici';
import type { Millis } from '../../core/units.ts';
import { outcomeOf } from './outcome-of.ts';

/** What a check found; `error` says why it failed. */
export type ProbeResult = { readonly ok: true } | { readonly ok: false; readonly error: string };

/** Never rejects. `signal` gives it up early, which counts as failed. */
export type Probe = (url: string, timeout: Millis, signal: AbortSignal) => Promise<ProbeResult>;

export const probeHealth: Probe = async (url, timeout, signal) => {
  try {
    const deadline = AbortSignal.timeout(timeout);
    const { statusCode, body } = await request(healthUrl(url), {
      signal: AbortSignal.any([signal, deadline]),
    });
    await body.dump();
    return statusCode === 200 ? { ok: true } : { ok: false, error: `HTTP ${statusCode}` };
  } catch (error) {
    const told = outcomeOf(error);
    const why = error instanceof Error && error.message !== '' ? error.message : String(error);
    return { ok: false, error: told === 'timeout' ? 'timeout' : why };
  }
};

/** A slash at the end of a server's URL is not doubled. */
const healthUrl = (url: string): string => `${url.replace(/\/+$/, '')}/health`;
