/** A fake server's settings for tests: one slow tool and one that must not be repeated, everything else out of the way. */
import type { Distribution } from '../../src/core/distributions.ts';
import type { Millis } from '../../src/core/units.ts';
import type { FakeServerSettings } from '../../src/live/fake/messages.ts';

/** `work`: of both tools, ms or a law; `call` is safe to repeat, `pay` is not. */
export const settings = ({
  work = 0,
  ...changes
}: Partial<FakeServerSettings> & { work?: Millis | Distribution } = {}): FakeServerSettings => {
  const law: Distribution = typeof work === 'number' ? { kind: 'constant', value: work } : work;
  return {
    id: 0,
    speed: 1,
    slots: 8,
    queue: null,
    patience: null,
    discipline: 'fifo',
    traffic: {
      arrivals: { kind: 'constant', rate: 1 },
      era: 'modern',
      timeout: null,
      retries: { attempts: 1, backoff: { kind: 'constant', value: 0 } },
      sessions: null,
      keys: null,
      hedging: null,
      budget: null,
      calls: [
        { name: 'call', share: 0.5, work: law, safe: true },
        { name: 'pay', share: 0.5, work: law, safe: false },
      ],
    },
    inputs: {},
    seed: 1,
    ...changes,
  };
};
