import { describe, expect, it } from 'vitest';
import { serverPlan, type ServerOptions } from '../../src/cli/server-settings.ts';
import { ScenarioError } from '../../src/core/scenario-error.ts';

const plan = (options: Partial<ServerOptions> = {}) =>
  serverPlan({
    work: '50ms',
    slots: '8',
    queue: '64',
    patience: 'none',
    discipline: 'fifo',
    era: 'both',
    reply: 'auto',
    port: '8001',
    host: '127.0.0.1',
    startup: '0',
    seed: '1',
    ...options,
  });

const mistakes = (options: Partial<ServerOptions>): readonly string[] => {
  try {
    plan(options);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.mistakes.map(({ message, place }) => `${place?.file}: ${message}`);
  }
};

describe('the options of a server', () => {
  it('are settings as a scenario would give them', () => {
    const { settings, faults, port, startup } = plan({ startup: '2s', queue: 'none', seed: '7' });
    expect(settings).toMatchObject({ slots: 8, queue: null, patience: null, speed: 1, seed: 7 });
    expect(settings.traffic.calls).toEqual([
      { name: 'call', share: 1, work: { kind: 'constant', value: 50 }, safe: true },
    ]);
    expect([faults, port, startup]).toEqual([[], 8001, 2000]);
  });

  it('take any distribution for the work', () => {
    const work = '{ lognormal: { mean: 40ms, cv: 1 } }';
    const [call] = plan({ work }).settings.traffic.calls;
    expect(call?.work).toEqual({ kind: 'lognormal', mean: 40, cv: 1 });
  });

  it('say what is wrong with it from the beginning', () => {
    const { faults } = plan({ errors: '5%', toolErrors: '10%', slow: '2x', hang: true });
    expect(faults).toEqual([
      { kind: 'errors', share: 0.05 },
      { kind: 'toolErrors', share: 0.1 },
      { kind: 'slow', factor: 2 },
      { kind: 'hang' },
    ]);
  });

  it.each([
    [{ work: '40' }, '--work 40: got `40`; allowed: a duration'],
    [{ work: '{ exponential: {} }' }, '--work { exponential: {} }: exponential.mean: got nothing'],
    [{ slots: '0' }, '--slots 0: got `0`; allowed: a whole number from 1'],
    [{ errors: '300%' }, '--errors 300%: got `300%`; allowed: a share up to 100%'],
    [{ errors: '5' }, '--errors 5: got `"5"`; allowed: a share such as 50%'],
    [{ slow: '0' }, '--slow 0: got'],
    [{ era: 'stone' }, '--era stone: got `stone`; allowed: legacy, modern, both'],
    [{ reply: 'xml' }, '--reply xml: got `xml`; allowed: json, sse, auto'],
    [{ port: '70000' }, '--port 70000: got'],
    [{ seed: '-1' }, '--seed -1: got'],
    [{ startup: '5' }, '--startup 5: got'],
  ])('%j is a mistake, told in the name of the option', (options, told) => {
    const [first] = mistakes(options);
    expect(first).toContain(told);
  });
});
