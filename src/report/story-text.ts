/**
 * A request's story as lines: when since the run began, when since the request arrived, and what. What the fleet noted
 * meanwhile stands between, marked with a dot.
 */
import { counted } from '../core/format.ts';
import type { Outcome } from '../core/outcome.ts';
import { requestName, serverName, type Request, type ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import { listed } from '../results/answer/words.ts';
import type { GivenUp, Load, Story, StoryEvent } from '../results/trace/story.ts';
import { padStart, painter, plain, wrap, type Paint } from './terminal.ts';
import type { TextOptions } from './text.ts';

export interface StorySubject {
  readonly story: Story;
  readonly contender: string;
  readonly seed: number;
  /** Name of its balancer. */
  readonly balancer: string;
  /** Names of the scenario's tools. */
  readonly tools: readonly string[];
}

const TIME_COLUMNS = 13;
const SINCE_COLUMNS = 14;
/** More candidates than this are counted rather than told one by one. */
const MOST_CANDIDATES = 12;

export const renderStory = (subject: StorySubject, { width, color }: TextOptions): string => {
  const { story, contender, seed } = subject;
  const paint = painter(color);
  const room = Math.max(60, width);
  const head = `Request ${requestName(story.request)} of "${plain(contender)}", seed ${seed}: ${kindOf(story.request, subject.tools)}`;
  return [
    ...wrap(head, room).map((line) => paint('bold', line)),
    '',
    paint('dim', `${padStart('at', TIME_COLUMNS)}${padStart('since arrival', SINCE_COLUMNS)}`),
    ...story.events.flatMap((event) => lines(event, subject, room, paint)),
    '',
  ].join('\n');
};

const kindOf = ({ kind, tool, safe, era, session }: Request, tools: readonly string[]): string => {
  const what = kind === 'initialize' ? 'initialize' : `tool ${plain(tools[tool] ?? '')}`;
  const where = session === 0 ? 'outside any session' : 'in a session';
  return `${what}, ${era}, ${where}, ${safe ? 'safe to repeat' : 'not safe to repeat'}`;
};

const lines = (event: StoryEvent, subject: StorySubject, width: number, paint: Paint): string[] => {
  const { at } = event;
  const since = at - subject.story.request.at;
  const isRemark = event.kind === 'noted' || event.kind === 'fault';
  const indent = ' '.repeat(TIME_COLUMNS + SINCE_COLUMNS + 2);
  const when =
    padStart(`${(at / 1000).toFixed(6)} s`, TIME_COLUMNS) +
    padStart(`${since < 0 ? '−' : '+'}${Math.abs(since).toFixed(3)} ms`, SINCE_COLUMNS);
  const text = wrap((isRemark ? '· ' : '') + told(event, subject), width, indent).map(
    (line, index) => (index === 0 ? `${when}  ${line.slice(indent.length)}` : line),
  );
  return isRemark ? text.map((line) => paint('dim', line)) : text;
};

const told = (event: StoryEvent, { story, balancer }: StorySubject): string => {
  switch (event.kind) {
    case 'arrived':
      return `arrives${event.faults.length === 0 ? '' : `; in force: ${event.faults.join('; ')}`}`;
    case 'came-again':
      return `the client comes again after ${counted(event.deferrals, 'deferral')}`;
    case 'picked':
      return `${balancer} picks ${serverName(event.server)} of ${candidates(event.candidates, event.server)}${setAside(event)}`;
    case 'sent':
      return sent(event);
    case 'withheld':
      return `not sent: ${OUTCOMES[event.because]}`;
    case 'served':
      return served(event);
    case 'answered':
      return `attempt ${event.attempt + 1} is answered by ${serverName(event.server)}: ${OUTCOMES[event.outcome]}`;
    case 'abandoned':
      return abandoned(event, story.request);
    case 'deferred':
      return `the client is told to come again: deferral ${event.deferrals}`;
    case 'replied':
      return replied(event.outcome, event.attempts, story.request, event.at);
    case 'noted':
      return `${event.text}: ${event.because}`;
    case 'fault':
      return `fault ${event.on ? 'begins' : 'ends'}: ${event.label}`;
  }
};

type Of<Kind extends StoryEvent['kind']> = Extract<StoryEvent, { kind: Kind }>;

/** Why servers were out of a pick that could have taken the call. */
const setAside = ({ aside, tried }: Of<'picked'>): string => {
  const [before, passed] = [true, false].map((wasTried) =>
    [...aside]
      .filter((server) => tried.includes(server) === wasTried)
      .sort((a, b) => a - b)
      .map(serverName),
  );
  return [
    before!.length === 0 ? '' : `; set aside, as tried before: ${listed(before!)}`,
    passed!.length === 0
      ? ''
      : `; passed over, for slow start or a circuit of the tool: ${listed(passed!)}`,
  ].join('');
};

const HELD_BY: Readonly<Record<'session' | 'key', string>> = {
  session: 'where its session was created (affinity: session)',
  key: 'where its key went before (affinity: key)',
};

const sent = ({ server, attempt, pausedMs, heldBy, beside }: Of<'sent'>): string => {
  const pause = pausedMs === null ? '' : `, ${ms(pausedMs)} after the one before`;
  const others = listed(beside.map((other) => `attempt ${other + 1}`));
  const hedge = beside.length === 0 ? '' : ` as a hedge beside ${others}`;
  const held = heldBy === null ? '' : `, ${HELD_BY[heldBy]}`;
  return `attempt ${attempt + 1} is sent to ${serverName(server)}${held}${hedge}${pause}`;
};

const served = ({ server, attempt, waitedMs, awaited }: Of<'served'>): string => {
  const name = serverName(server);
  const wait =
    waitedMs === 0
      ? `gets a slot of ${name} at once`
      : `gets a slot of ${name} after ${ms(waitedMs)} in its queue`;
  return `attempt ${attempt + 1} ${wait}${awaited ? '' : ', though nobody waits for it any more'}`;
};

const abandoned = ({ server, attempt, because }: Of<'abandoned'>, { era }: Request): string => {
  const then =
    era === 'modern'
      ? `${serverName(server)} is told to stop`
      : `${serverName(server)} is not told and goes on`;
  return `attempt ${attempt + 1} ${GIVEN_UP[because]}; ${then}`;
};

const replied = (
  outcome: Outcome,
  attempts: number,
  { safe, at }: Request,
  now: Millis,
): string => {
  const tries = counted(attempts, 'attempt');
  if (outcome === 'cancelled') return `the client goes away after ${ms(now - at)} and ${tries}`;
  const once =
    !safe && attempts === 1 && outcome !== 'ok' && outcome !== 'tool-error'
      ? ' (it may not be repeated)'
      : '';
  return `the client has its reply after ${ms(now - at)} and ${tries}${once}: ${OUTCOMES[outcome]}`;
};

const candidates = (loads: readonly Load[], picked: ServerId): string => {
  if (loads.length > MOST_CANDIDATES) {
    const inFlight = loads.map((load) => load.inFlight);
    const own = loads.find(({ server }) => server === picked)?.inFlight ?? 0;
    return `${loads.length} candidates with ${Math.min(...inFlight)} to ${Math.max(...inFlight)} calls in flight; it has ${own}`;
  }
  const told = loads
    .map(({ server, inFlight }) => `${serverName(server)} (${inFlight})`)
    .join(', ');
  return `${counted(loads.length, 'candidate')} with calls in flight: ${told}`;
};

const GIVEN_UP: Readonly<Record<GivenUp, string>> = {
  timeout: 'meets its deadline',
  outrun: 'is given up, as another attempt has answered',
  left: 'is given up, as its client has gone away',
};

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  ok: 'ok',
  'tool-error': 'tool error: the tool itself said no',
  cancelled: 'cancelled',
  deferred: 'deferred: slots and queue were full',
  timeout: 'timeout: the deadline of the attempt passed',
  refused: 'refused: nothing listens there',
  reset: 'reset: the process died under the call',
  overloaded: 'overloaded (503): slots and queue were full, or the wait too long',
  throttled: 'throttled (429): the server limits the rate of requests',
  'http-5xx': 'error 500',
  'session-lost': 'session lost: the server does not know it',
  'no-server': 'no server: none that may take it is ready and healthy',
  shed: 'shed: too many calls in flight, or the wait at the balancer too long',
  'circuit-open': 'circuit open: no server that may take it admits a call',
};

/** To the microsecond, which is as fine as simulated time is. */
const ms = (value: Millis): string => `${Math.round(value * 1000) / 1000} ms`;
