import { describe, expect, it } from 'vitest';
import { ScenarioError } from '../../src/core/scenario-error.ts';
import type { LoadOptions } from '../../src/scenario/load.ts';
import { FLAKY, LEAST, load } from './flaky-scenario.ts';

const ARRIVALS = 'traffic: { arrivals: { poisson: 1/s } }\n';
const arrivals = (text: string): string =>
  `servers: { count: 1 }\ntraffic: { arrivals: ${text} }\n`;
const traffic = (text: string): string =>
  `servers: { count: 1 }\ntraffic: { arrivals: { poisson: 1/s }, ${text} }\n`;
const fault = (text: string): string => `${LEAST}faults:\n  - { at: 1s, servers: 1, ${text} }\n`;

const HUNDRED = `[${Array.from({ length: 100 }, (_, index) => index + 1).join(', ')}]`;
/** Ten of ten of ten ... : the fifth is where it goes too far. */
const BOMB = [...'abcdefghij']
  .map((name, index) => {
    const item = index === 0 ? '1' : `*${'abcdefghij'[index - 1]}`;
    return `${name}: &${name} ${name === 'e' ? '▸' : ''}[${Array(10).fill(item).join(', ')}]\n`;
  })
  .join('');

/** What is wrong; the text, with a mark where the mistake is; part of the message. */
type Case = readonly [what: string, text: string, message: string];

// prettier-ignore
const ONE_MISTAKE: readonly Case[] = [
  // Keys
  ['a mistyped key', `${LEAST}▸braker: none\n`, 'braker: unknown key; did you mean `breaker`? Allowed: question, duration'],
  ['a mistyped option', `${LEAST}breaker: { counter: { ▸failurs: 3 } }\n`, 'breaker.counter.failurs: unknown key; did you mean `failures`? Allowed: failures, recovery, halfOpenCalls'],
  ['a key nothing is near', `${LEAST}▸zzz: 1\n`, 'zzz: unknown key; allowed: question'],
  ['a mistyped key in a list', fault('hang: true, ▸healt: ok'), 'faults.1.healt: unknown key; did you mean `health`?'],
  ['the prototype as a key', `${LEAST}▸__proto__: { slots: 1 }\n`, '__proto__: unknown key; allowed: question, duration'],
  ['the prototype as a key below', `${ARRIVALS}servers: { count: 1, ▸__proto__: { slots: 1 } }\n`, 'servers.__proto__: unknown key; allowed: kubernetes, count, groups'],
  ['the prototype as a policy', `${LEAST}breaker: { ▸__proto__: {} }\n`, 'unknown breaker `__proto__`; allowed: none, counter'],
  ['the prototype as an option', `${LEAST}breaker: { counter: { ▸__proto__: {} } }\n`, 'breaker.counter.__proto__: unknown key; allowed: failures'],
  ['the prototype as a tool', traffic('calls: { ▸__proto__: {} }'), 'traffic.calls.__proto__: got `__proto__`; allowed: any other name'],
  ['the prototype as a contender', `${LEAST}contenders: { ▸__proto__: {} }\n`, 'contenders: got `__proto__`; allowed: any other name'],
  ['the prototype as a contender’s change', `${LEAST}contenders: { a: { ▸servers.__proto__.x: 1 } }\n`, 'servers.__proto__: unknown key; allowed: kubernetes'],
  ['the prototype as an axis', `${LEAST}matrix: { ▸__proto__: [1] }\n`, '__proto__: unknown key; allowed: traffic'],
  ['an empty key', `${LEAST}▸"": none\n`, '"": unknown key; allowed: question'],
  ['a list for a key', `${LEAST}▸[a]: none\n`, 'got a list for a key; allowed: a plain text such as `breaker`'],
  ['a contender without a name', `${LEAST}contenders: { ▸"": {} }\n`, 'contenders: got an empty name; allowed: a name that can be seen'],
  ['a contender of spaces', `${LEAST}contenders: { a: {}, ▸"  ": {} }\n`, 'contenders: got a name of spaces only; allowed: a name that can be seen'],
  ['a contender that looks like another', `${LEAST}contenders: { a: {}, ▸"a ": {} }\n`, 'contenders: got `a `, which only spaces at its ends tell from `a`; allowed: another name'],
  ['a merge key', `${LEAST}▸<<: { breaker: none }\n`, '<<: unknown key'],
  ['a key given twice', `${LEAST}breaker: none\n▸breaker: counter\n`, '`breaker` is given twice; the first is in line 3'],
  ['a key without text', `${LEAST}▸: none\n`, 'a key is missing before the colon; allowed: a plain text'],

  // Names
  ['an unknown breaker', `${LEAST}breaker: ▸countr\n`, 'breaker: unknown breaker `countr`; did you mean `counter`? Allowed: none, counter'],
  ['an unknown balancer', `${LEAST}balancer: { ▸least-conections: {} }\n`, 'unknown balancer `least-conections`; did you mean `least-connections`?'],
  ['an unknown health monitor', `${LEAST}health: ▸actve\n`, 'did you mean `active`?'],
  ['two policies at once', `${LEAST}balancer: ▸{ random: {}, weighted: {} }\n`, 'got 2 keys (random, weighted); allowed: one balancer'],
  ['no policy in a map', `${LEAST}balancer: ▸{}\n`, 'got an empty map; allowed: one balancer'],
  ['a policy that is a number', `${LEAST}breaker: ▸7\n`, 'got `7`; allowed: none, counter'],
  ['an unknown distribution', `${LEAST}network: { ▸exponental: 1ms }\n`, 'did you mean `exponential`?'],
  ['an unknown arrival process', arrivals('{ ▸poison: 5/s }'), 'unknown arrival process `poison`; did you mean `poisson`?'],
  ['an unknown era', traffic('era: ▸moden'), 'got `moden`; did you mean `modern`? Allowed: modern, legacy'],
  ['an unknown metric', `${LEAST}judge: [▸latencyP99]\n`, 'did you mean `latencyMsP99`?'],
  ['a metric without direction', `${LEAST}judge: [▸utilisation]\n`, 'got `utilisation`; allowed: completed, failed, errorRate'],
  ['an unknown objective', `${LEAST}slo: { latency: { ▸p98: 1s } }\n`, 'slo.latency.p98: unknown key'],

  // Numbers and units
  ['a duration without a unit', `${LEAST}duration: ▸30\n`, 'duration: got `30`; allowed: a duration such as 250us, 10ms, 2s, 5m or 1h; a number without a unit is refused'],
  ['a wrong unit', `${LEAST}duration: ▸30/s\n`, 'got `30/s`; allowed: a duration'],
  ['a share without a unit', fault('errors: ▸0.5'), 'got `0.5`; allowed: a share such as 50%; a number without a unit'],
  ['a count with a unit', `${ARRIVALS}servers: { count: ▸6x }\n`, 'got `6x`; allowed: a whole number from 1'],
  ['a negative rate', arrivals('{ poisson: { rate: ▸-5/s } }'), 'traffic.arrivals.poisson.rate: got `-5/s`; allowed: a rate such as 120/s, 30/m or 5/h; a negative value is refused'],
  ['a negative rate in short', arrivals('{ poisson: ▸-5/s }'), 'traffic.arrivals.poisson: got `-5/s`; allowed: a rate'],
  ['a rate of nothing', arrivals('{ poisson: ▸0 }'), 'got `0`; allowed: a rate such as 120/s, 30/m or 5/h, above 0'],
  ['a negative count', `${LEAST}seeds: ▸-3\n`, 'got `-3`; allowed: a whole number'],
  ['not a number', traffic('calls: { a: { work: { gamma: { mean: 1ms, cv: ▸.nan } } } }'), 'got `NaN`; allowed: a number'],
  ['infinity', `${ARRIVALS}servers: { count: ▸.inf }\n`, 'got `Infinity`; allowed: a whole number'],
  ['half a seed', `${LEAST}seeds: ▸2.5\n`, 'got `2.5`; allowed: a whole number'],
  ['a seed twice', `${LEAST}seeds: ▸[1, 2, 1]\n`, 'seeds: got `1` twice; allowed: each once'],
  ['a deadline of nothing', traffic('timeout: ▸0'), 'above 0, or none'],
  ['a warm-up as long as the run', `${LEAST}warmup: ▸5m\n`, 'got `5m`, which leaves nothing of the duration; allowed: below 5m'],
  ['no arrivals', '▸servers: { count: 1 }\n', 'traffic.arrivals: got nothing; allowed: constant, poisson'],
  ['no servers', `▸${ARRIVALS}`, 'servers.count: got nothing; allowed: a whole number from 1, or groups'],
  ['an option that must be given', arrivals('▸poisson'), 'traffic.arrivals.poisson.rate: got nothing; allowed: a rate'],
  ['an empty value', `${LEAST}breaker:▸\n`, 'breaker: got nothing; allowed: none, counter'],
  ['yes for true', traffic('calls: { a: { safe: ▸yes } }'), 'got `yes`; allowed: true or false'],

  // Shorter than the grammar allows
  ['a rate for arrivals', arrivals('▸10/s'), 'traffic.arrivals: unknown arrival process `10/s`; did you mean `{ constant: 10/s }` or `{ poisson: 10/s }`? Allowed: constant, poisson'],
  ['arrivals without their process', arrivals('▸{ rate: 10/s, cv: 2 }'), 'did you mean `{ gamma: { rate: 10/s, cv: 2 } }`? Allowed: one arrival process'],
  ['steps of arrivals', arrivals('▸[{ at: 0, rate: 1/s }]'), 'got a list; did you mean `{ steps: [{ at: 0, rate: 1/s }] }`?'],
  ['a file for a trace', arrivals('{ trace: ▸day.csv }'), 'got `day.csv`; did you mean `{ file: day.csv }`? Allowed: a map of file, column'],
  ['a rate in letters', arrivals('{ poisson: ▸10rps }'), 'got `10rps`; did you mean `10/s`?'],
  ['a duration with another unit', `${LEAST}duration: ▸5 min\n`, 'got `5 min`; did you mean `5m`? Allowed: a duration'],
  ['a duration for a tool', traffic('calls: { a: ▸50ms }'), 'traffic.calls.a: got `50ms`; did you mean `{ work: 50ms }`? Allowed: a map of share, work, safe'],
  ['a distribution without its name', traffic('calls: { a: { work: { ▸mean: 50ms } } }'), 'unknown distribution `mean`; did you mean `{ exponential: { mean: 50ms } }`?'],
  ['a number of attempts', traffic('retries: ▸2'), 'traffic.retries: got `2`; did you mean `{ attempts: 2 }`? Allowed: a map of attempts, backoff, budget, or none'],
  ['true for retries', traffic('retries: ▸true'), 'got `true`; allowed: a map of attempts, backoff, budget, or none'],
  ['a time for hedging', traffic('hedging: ▸50ms'), 'did you mean `{ after: 50ms }`?'],
  ['a deadline without a unit', traffic('timeout: ▸2'), 'allowed: a duration such as 250us, 10ms, 2s, 5m or 1h, or none; a number without a unit is refused'],
  ['a number of servers', `${ARRIVALS}servers: ▸4\n`, 'servers: got `4`; did you mean `{ count: 4 }`? Allowed: a map of kubernetes, count'],
  ['a latency objective', `${LEAST}slo: { latency: ▸500ms }\n`, 'did you mean `{ p99: 500ms }`?'],
  ['a breaker without its name', `${LEAST}breaker: { ▸failures: 5 }\n`, 'did you mean `{ counter: { failures: 5 } }` or'],
  ['a metric in short', `${LEAST}judge: [▸p99]\n`, 'got `p99`; did you mean `latencyMsP99`? Allowed: completed'],
  ['a metric in no list', `${LEAST}judge: ▸errorRate\n`, 'got `errorRate`; did you mean `[errorRate]`? Allowed: a list'],
  ['a server by its name', `${LEAST}faults: [{ at: 1s, servers: ▸s2, hang: true }]\n`, 'unknown group `s2`; did you mean `[2]`?'],
  ['a key a level too high', `${LEAST}▸retries: none\n`, 'retries: unknown key here; did you mean `traffic.retries`? Allowed: question'],
  ['a contender’s key a level too high', `${LEAST}contenders: { a: { ▸slots: 4 } }\n`, 'slots: unknown key here; did you mean `servers.slots`?'],

  // What belongs together
  ['shares beyond the whole', traffic('calls: ▸{ a: { share: 70% }, b: { share: 40% } }'), 'the shares add up to 110%; allowed: 100%'],
  ['shares that leave nothing', traffic('calls: ▸{ a: { share: 100% }, b: {} }'), 'leave nothing for the tools without a share; allowed: below 100%'],
  ['no tools', traffic('calls: ▸{}'), 'got an empty map; allowed: at least one name for a tool'],
  ['a tool called as the handshake', traffic('calls: { search: {}, ▸initialize: {} }'), 'traffic.calls.initialize: got `initialize`; allowed: any other name: the handshake of a session is called so'],
  ['a tool without a name to see', traffic('calls: { ▸"  ": {} }'), 'got a name of spaces only; allowed: a name that can be seen'],
  ['half a lognormal', `${LEAST}network: { lognormal: ▸{ mean: 1ms } }\n`, 'got mean; allowed: mean and cv, or p50 and p99'],
  ['a range turned round', `${LEAST}network: { uniform: { min: 2ms, max: ▸1ms } }\n`, 'network.uniform.max: got `1ms`; allowed: at least min, which is 2ms'],
  ['percentiles turned round', `${LEAST}network: { lognormal: { p50: 2ms, p99: ▸1ms } }\n`, 'network.lognormal.p99: got `1ms`; allowed: at least p50, which is 2ms'],
  ['a scaler’s bounds turned round', `${LEAST}autoscaler: { threshold: { min: 5, max: ▸4 } }\n`, 'autoscaler.threshold.max: got `4`; allowed: at least min, which is 5'],
  ['a window that closes before it opens', `${LEAST}autoscaler: { schedule: { windows: [{ from: 2m, to: ▸1m, min: 2 }] } }\n`, 'got `1m`; allowed: above from, which is 2m'],
  ['a window beyond the day', `${LEAST}autoscaler: { schedule: { repeat: ▸1h, windows: [{ from: 2h, min: 2 }] } }\n`, 'got `1h`; allowed: at least 2h, where the last window lies'],
  ['two metrics of steps', `${LEAST}autoscaler: { step: ▸{ cpu: {}, requests: {} } }\n`, 'got cpu, requests; allowed: one metric'],
  ['a limit that begins beyond its bounds', `${LEAST}limit: { vegas: { initial: ▸9, max: 8 } }\n`, 'got `9`; allowed: at most max, which is 8'],
  ['a panic below the threshold', `${LEAST}autoscaler: { kpa: { panicThreshold: ▸100% } }\n`, 'got `100%`; allowed: a share such as 50%, above 100%'],
  ['a bound below the mean', `${LEAST}balancer: { ring-hash: { balance: ▸0.5x } }\n`, 'got `0.5x`; allowed: a factor such as 5x, at least 1x'],
  ['a wave that falls below nothing', arrivals('{ sine: { mean: 5/s, amplitude: ▸9/s, period: 1m } }'), 'got `9/s`; allowed: at most the mean, which is 5/s: the rate would fall below 0'],
  ['steps out of order', arrivals('{ steps: [{ at: 1m, rate: 1/s }, { at: ▸0, rate: 1/s }] }'), 'traffic.arrivals.steps.2.at: got `0` after `1m`; allowed: steps that ascend'],
  ['silence only', arrivals('{ bursts: ▸[{ rate: 0, mean: 1s }] }'), 'got no state with a rate above 0; allowed: at least one'],
  ['endless retries at once, by any law', traffic('retries: { attempts: unlimited, backoff: ▸{ uniform: { min: 0, max: 0 } } }'), 'got `0`; allowed: above 0, as unlimited attempts without a pause never end'],
  ['a shape beyond arithmetic', `${LEAST}network: { weibull: { mean: 3ms, shape: ▸0.001 } }\n`, 'got `0.001`; allowed: a number without unit, at least 0.01'],
  ['endless retries at once', traffic('retries: { attempts: unlimited, backoff: ▸0 }'), 'without a pause never end'],
  ['a count that is not the groups’', `${ARRIVALS}servers: { count: ▸5, groups: [{ count: 2 }] }\n`, "got `5`, but the groups' counts add up to 2; allowed: 2, or no count"],
  ['two groups of a name', `${ARRIVALS}servers: { groups: [{ name: a, count: 1 }, { name: ▸a, count: 1 }] }\n`, 'got a second group `a`; allowed: another name'],
  ['a group’s name of other signs', `${ARRIVALS}servers: { groups: [{ name: ▸1a, count: 1 }] }\n`, 'servers.groups.1.name: got `1a`; allowed: a name that begins with a letter'],
  ['a group’s name that ends in a space', `${ARRIVALS}servers: { groups: [{ name: ▸"a ", count: 1 }] }\n`, 'servers.groups.1.name: got `a `; allowed: a name'],
  ['a group called all', `${ARRIVALS}servers: { groups: [{ name: ▸all, count: 1 }] }\n`, 'got `all`; allowed: any other name: `all` means all servers'],
  ['URLs to simulate', `${ARRIVALS}servers: ▸[http://127.0.0.1:8001/mcp]\n`, 'a list of URLs is for the gateway'],

  // Faults
  ['a fault without effect', `${LEAST}faults: [▸{ at: 1s, servers: 1 }]\n`, 'got no effect; allowed: one of errors, toolErrors, throttled, slow'],
  ['a fault with two effects', `${LEAST}faults: [▸{ at: 1s, servers: 1, hang: true, crash: true }]\n`, 'got 2 effects (crash, hang)'],
  ['a fault after the end', `${LEAST}faults: [{ at: ▸10m, servers: 1, hang: true }]\n`, 'faults.1.at: got `10m`; allowed: below the duration, which is 5m'],
  ['a fault on a server too many', `${LEAST}faults: [{ at: 1s, servers: ▸4, hang: true }]\n`, 'got the first 4 of 3 servers'],
  ['a fault on a server there is not', `${LEAST}faults: [{ at: 1s, servers: ▸[1, 9], hang: true }]\n`, 'got server 9 of 3; allowed: 1 to 3'],
  ['a fault on an unknown group', `${LEAST}faults: [{ at: 1s, servers: ▸server, hang: true }]\n`, 'unknown group `server`; did you mean `servers`?'],
  ['a fault on more than all', `${LEAST}faults: [{ at: 1s, servers: ▸120%, hang: true }]\n`, 'got `120%`; allowed: above 0%, at most 100%'],
  ['a repeated fault without an end', fault('hang: true, every: ▸1m'), 'faults.1.every: got `1m` for a fault that lasts to the end; allowed: longer than its `for`, which is needed'],
  ['a crash that is false', fault('crash: ▸false'), 'allowed: true'],
  ['a slowness that is faster', fault('slow: ▸0.5x'), 'faults.1.slow: got `0.5x`; allowed: a factor such as 5x, at least 1x'],
  ['a flap faster than any request', `${LEAST}faults: [{ at: ▸1s, servers: 1, flap: { up: 1us, down: 1us } }]\n`, 'got a fault that begins and ends'],

  // Contenders and matrix
  ['no contenders in a map', `${LEAST}▸contenders: {}\n`, 'contenders: got an empty map; allowed: a map of at least one name'],
  ['contenders in a list', `${LEAST}contenders: ▸[a]\n`, 'allowed: a map of at least one name'],
  ['two contenders of a name', `${LEAST}contenders:\n  5: {}\n  ▸"5": { breaker: counter }\n`, '`5` is given twice; the first is in line 4'],
  ['a contender that is a list', `${LEAST}contenders: { a: ▸[] }\n`, 'contenders.a: got an empty list; allowed: a map of keys or dotted paths'],
  ['a contender with more time', `${LEAST}contenders: { a: { ▸duration: 10m } }\n`, 'duration: a contender may not change this: all contenders run over the same time'],
  ['a contender with other demand', `${LEAST}contenders: { a: { ▸traffic.arrivals.poisson.rate: 1/s } }\n`, 'all contenders meet the same demand'],
  ['a contender with all other traffic', `${LEAST}contenders: { a: { ▸traffic: {} } }\n`, 'change its parts by dotted path, e.g. traffic.timeout'],
  ['a contender with longer sessions', `${LEAST}contenders: { a: { ▸traffic.sessions.calls: 3 } }\n`, 'of the sessions it may change era and recover'],
  ['a contender without trouble', `${LEAST}contenders: { a: { ▸faults: [] } }\n`, 'all contenders meet the same weather'],
  ['a contender’s mistyped key', `${LEAST}contenders: { a: { ▸braker: none } }\n`, 'braker: unknown key; did you mean `breaker`? Allowed: traffic, servers, network, balancer'],
  ['a contender’s key of the demand a level too high', `${LEAST}contenders: { a: { ▸arrivals: {} } }\n`, 'arrivals: unknown key; allowed: traffic'],
  ['a contender that listens', `${LEAST}contenders: { a: { ▸listen: 127.0.0.1:80 } }\n`, 'listen: a contender may not change this: the gateway listens where the file says'],
  ['a contender’s unknown key, with those it may change', `${LEAST}contenders: { a: { ▸qqqqqq: none } }\n`, 'qqqqqq: unknown key; allowed: traffic, servers, network, balancer,'],
  ['a contender’s mistyped option', `${LEAST}contenders: { a: { ▸breaker.counter.failurs: 1 } }\n`, 'breaker.counter.failurs: unknown key; did you mean `failures`?'],
  ['a contender’s path through nowhere', `${LEAST}contenders: { a: { ▸breaker..failures: 1 } }\n`, 'got `breaker..failures`; allowed: keys joined by dots'],
  ['contenders and a matrix', `${LEAST}▸matrix: { balancer: [random] }\ncontenders: { a: {} }\n`, 'contenders and matrix together'],
  ['a matrix without axes', `${LEAST}matrix: ▸{}\n`, 'matrix: got an empty map; allowed: a map of at least one dotted path'],
  ['a matrix beyond counting', `${LEAST}▸matrix: { servers.slots: ${HUNDRED}, servers.count: ${HUNDRED}, servers.queue: [1, 2] }\n`, 'matrix: got 20000 combinations; allowed: at most 10000'],
  ['an axis without values', `${LEAST}matrix: { balancer: ▸[] }\n`, 'matrix.balancer: got an empty list; allowed: a list of at least one value'],
  ['an axis with a value twice, in two spellings', `${LEAST}matrix: { balancer: [round-robin, ▸round_robin] }\n`, 'matrix.balancer: got `round_robin` twice; allowed: each value once'],
  ['one change of a contender inside another', `${LEAST}contenders: { a: { breaker: none, ▸breaker.counter.failures: 2 } }\n`, 'lies within `breaker`, which is changed too'],
  ['an axis with a value twice', `${LEAST}matrix: { servers.count: [3, 4, ▸3] }\n`, 'matrix.servers.count: got `3` twice; allowed: each value once'],
  ['an axis inside another', `${LEAST}matrix: { breaker: [none], ▸breaker.counter.failures: [3] }\n`, 'lies within `breaker`, which is an axis too'],
  ['an axis that is demand', `${LEAST}matrix: { ▸traffic.calls: [{}] }\n`, 'all contenders meet the same demand'],
  ['a mistyped value of an axis', `${LEAST}matrix: { balancer: [random, ▸randm] }\n`, 'unknown balancer `randm`; did you mean `random`?'],

  // YAML
  ['an empty file', '▸', 'the file is empty; allowed: a scenario'],
  ['a file of comments', '▸# nothing yet\n', 'the file is empty'],
  ['a list', '▸- a\n', 'got a list; allowed: a map of keys such as traffic and servers'],
  ['a colon in the question', `${LEAST}question: ▸Retries: worth it?\n`, 'quote the text'],
  ['a hash in the question', `${LEAST}question: Is▸ #5 any better?\n`, 'YAML reads `Is` and takes the rest for a comment; quote the text'],
  ['a colon in a contender’s name', `${LEAST}contenders:\n  plan: ▸b: {}\n`, 'quote the text'],
  ['a question that is a list', `${LEAST}question: ▸[why]\n`, 'got a list; allowed: text'],
  ['two documents', `${LEAST}▸---\n${LEAST}`, 'allowed: one scenario a file'],
  ['a tab', `${LEAST}breaker:\n▸\tcounter: {}\n`, 'not YAML: Tabs are not allowed'],
  ['an alias of itself', `${LEAST}faults: &all [▸*all]\n`, 'the alias `*all` contains itself'],
  ['an alias of nothing', `${LEAST}breaker: ▸*gone\n`, '`&gone`'],
  ['an exploding alias', BOMB, 'more than 100000 values once its aliases are spelled out'],
  ['lists in lists in lists', `faults: ${'['.repeat(40)}▸${'['.repeat(60)}${']'.repeat(100)}\n`, 'nested too deep; allowed: 40 levels'],
];

const mistakesOf = (text: string, options: Partial<LoadOptions> = {}) => {
  try {
    load(text, options);
  } catch (error) {
    if (error instanceof ScenarioError) return error;
    throw error;
  }
  throw new Error('loaded without a mistake');
};

describe('a mistake is answered with its place and what is allowed:', () => {
  it.each(ONE_MISTAKE)('%s', (_, marked, message) => {
    const before = marked.slice(0, marked.indexOf('▸')).split('\n');
    const place = { line: before.length, column: (before.at(-1) ?? '').length + 1 };
    const error = mistakesOf(marked.replace('▸', ''));
    const [mistake, ...more] = error.mistakes;
    expect(mistake?.message).toContain(message);
    expect(mistake?.place).toEqual({ file: 'scenarios/flaky.yaml', ...place });
    expect(more).toEqual([]);
    const { line, column } = place;
    expect(error.message).toMatch(`scenarios/flaky.yaml:${line}:${column}  `);
  });

  it('ten megabytes are refused unread', () => {
    const error = mistakesOf('a'.repeat(10_000_000));
    expect(error.message).toBe(
      'scenarios/flaky.yaml  a scenario of 10.0 MB; allowed: at most 1 MB',
    );
  });

  it('lists beyond what the parser itself bears', () => {
    const error = mistakesOf(`a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    expect(error.message).toContain('nested too deep');
  });

  it('keys of every object are no names', () => {
    const error = mistakesOf(`${LEAST}constructor: 1\nbreaker: constructor\nbalancer: toString\n`);
    expect(error.mistakes.map(({ message }) => message)).toEqual([
      expect.stringContaining('constructor: unknown key'),
      expect.stringContaining('unknown breaker `constructor`'),
      expect.stringContaining('unknown balancer `toString`'),
    ]);
  });
});

describe('mistakes', () => {
  it('are told all at once, in the file’s order, each once', () => {
    const text = FLAKY.replace('120/s', '120')
      .replace('slots: 8', 'slot: 8')
      .replace('with breaker: {}', 'with breaker: { balancer: randm }');
    const lines = mistakesOf(text).message.split('\n');
    expect(lines).toEqual([
      expect.stringMatching(
        /^scenarios\/flaky.yaml:9:32 {2}traffic.arrivals.poisson.rate: got `120`/,
      ),
      expect.stringMatching(
        /^scenarios\/flaky.yaml:19:3 {2}servers.slot: unknown key; did you mean/,
      ),
      expect.stringMatching(/^scenarios\/flaky.yaml:36:29 {2}balancer: unknown balancer `randm`/),
    ]);
  });

  it('beyond the twentieth are counted', () => {
    const text = Array.from({ length: 30 }, (_, index) => `key${index}: 1\n`).join('');
    const { mistakes } = mistakesOf(LEAST + text);
    expect(mistakes).toHaveLength(21);
    expect(mistakes.at(-1)?.message).toBe('and 10 more');
  });

  it('of a contender alone name it', () => {
    const text = `traffic: { arrivals: { poisson: 1/s } }
servers: { count: 4 }
faults: [{ at: 1s, servers: [4], hang: true }]
contenders: { all four: {}, three: { servers.count: 3 } }
`;
    expect(mistakesOf(text).message).toBe(
      'scenarios/flaky.yaml:3:29  faults.1.servers: got server 4 of 3; allowed: 1 to 3 (contender `three`)',
    );
  });

  it.each([
    [
      'breaker.counter.failurs=3',
      '--set breaker.counter.failurs=3  breaker.counter.failurs: unknown key; did you mean `failures`?',
    ],
    ['network=1', '--set network=1  network: got `1`; allowed: a duration'],
    ['duration', '--set duration  allowed: path=value, e.g. servers.count=8'],
    ['servers.count=[', '--set servers.count=[  not YAML'],
    ['__proto__.x=1', '--set __proto__.x=1  __proto__: unknown key; allowed: question'],
    ['faults.1.at=1s', '--set faults.1.at=1s'],
  ])('in --set %s name the argument', (argument, message) => {
    expect(mistakesOf(LEAST, { set: [argument] }).message).toContain(message);
  });

  it('in --only suggest a contender', () => {
    expect(mistakesOf(FLAKY, { only: ['with braker'] }).message).toBe(
      '--only with braker  unknown contender `with braker`; did you mean `with breaker`? Allowed: without breaker, with breaker',
    );
  });
});

describe('a comment after the question', () => {
  it.each(['   # the title', '  #', '  # a note: with a colon'])(
    'set apart as%s is one',
    (comment) => {
      const { scenario } = load(`${LEAST}question: Does it pay?${comment}\n`);
      expect(scenario.question).toBe('Does it pay?');
    },
  );

  it('is part of a text in quotes', () => {
    const { scenario } = load(`${LEAST}question: "Is #5: better?"\n`);
    expect(scenario.question).toBe('Is #5: better?');
  });
});

describe('oddities of YAML', () => {
  it('are warnings with their place', () => {
    expect(load(`${LEAST}breaker: !mine none\n`).warnings).toEqual([
      'scenarios/flaky.yaml:3:10  Unresolved tag: !mine',
    ]);
  });

  it('such as anchors are welcome', () => {
    const { scenario } = load(`${LEAST}contenders:
  a: &strict { breaker: { counter: { failures: 1 } } }
  b: *strict
`);
    expect(scenario.contenders[1]?.setup).toEqual(scenario.contenders[0]?.setup);
  });
});
