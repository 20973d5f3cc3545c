/**
 * One connection of autocannon's, told what to send next and timed from outside. A legacy one walks from `initialize` over
 * `notifications/initialized` to its calls, and back to the start when its session is lost.
 */
import type { Client, Request } from 'autocannon';
import type { Outcome } from '../../core/outcome.ts';
import type { Millis } from '../../core/units.ts';
import type { Clock } from '../clock.ts';
import type { Reply } from '../driver/exchange.ts';
import type { Sample } from '../driver/samples.ts';
import { outcomeOf } from '../driver/verdict.ts';
import type { Message } from '../driver/wire.ts';
import { sessionIdIn } from './client.ts';
import { callTool, initialize, initialized } from './messages.ts';
import type { OpenSession, SessionBook } from './session-book.ts';
import type { Target } from './target.ts';

type Step = 'initialize' | 'initialized' | 'call';
type Report = (sample: Omit<Sample, 'arrival'>) => void;

interface Open {
  readonly at: Millis;
  readonly step: Step;
}

/** What autocannon's client has besides: it ends, by itself and in good order, instead of sending more than `responseMax`. */
type Ending = Client & { responseMax?: number; readonly reqsMade: number };

export class CannonClient {
  /** Calls that were lost with their connection. */
  drops = 0;
  readonly #client: Client;
  readonly #target: Target;
  readonly #session: number;
  readonly #clock: Clock;
  readonly #report: Report;
  readonly #book: SessionBook;
  #step: Step;
  #sessionId: string | null = null;
  /** The session it has, or had last. */
  #held: OpenSession | null = null;
  #ids = 0;
  /** The call under way. */
  #open: Open | null = null;
  /** One that was still under way when that began: timed out, or lost; the next event tells. */
  #overtaken: Open | null = null;
  #error: string | null = null;
  #reply: Reply | null = null;
  #isOver = false;

  constructor(
    client: Client,
    target: Target,
    session: number,
    clock: Clock,
    book: SessionBook,
    report: Report,
  ) {
    this.#client = client;
    this.#target = target;
    this.#session = target.sessions ? session : 0;
    this.#clock = clock;
    this.#book = book;
    this.#report = report;
    this.#step = this.#first;
    this.#aim();
    const events: NodeJS.EventEmitter = client;
    events.on('request', () => this.#began());
    events.on('timeout', () => this.#timedOut());
    events.on('connError', (error: NodeJS.ErrnoException) => (this.#error = error.code ?? ''));
    events.on('response', () => this.#answered());
    events.on('done', () => this.#ended());
  }

  /** From now on it sends nothing more: it ends when the call under way is answered, or its deadline has passed. */
  finish(): void {
    const client = this.#client as Ending;
    client.responseMax = Math.max(1, client.reqsMade);
  }

  /** What is still under way is told as cancelled: it arrived, and its end nobody knows. Nothing is told after that. */
  giveUp(): void {
    this.#settleOvertaken();
    const open = this.#open;
    this.#open = null;
    this.#isOver = true;
    if (open !== null) this.#tell(open, 'cancelled');
  }

  /** The target's name of its session; null when it has none. */
  get sessionId(): string | null {
    return this.#sessionId;
  }

  get #first(): Step {
    return this.#target.era === 'legacy' && this.#target.sessions ? 'initialize' : 'call';
  }

  /** What is sent from now on, until told otherwise; each time with an id of its own. */
  #aim(): void {
    this.#client.setRequests([
      {
        method: 'POST',
        setupRequest: (request: Request): Request => {
          const { headers, body } = this.#message();
          return { ...request, headers: { ...this.#target.headers, ...headers }, body };
        },
        onResponse: (status, body, _context, headers) => {
          this.#reply = { status, headers: inLowerCase(headers ?? {}), body: Buffer.from(body) };
        },
      },
    ]);
  }

  #message(): Message {
    const id = ++this.#ids;
    if (this.#step === 'initialize') return initialize(id);
    if (this.#step === 'initialized') return initialized(this.#sessionId);
    return callTool(this.#target.era, id, this.#sessionId, this.#target.tools[0]!);
  }

  #began(): void {
    if (this.#isOver) return;
    this.#settleOvertaken();
    this.#overtaken = this.#open;
    this.#open = { at: this.#clock.now(), step: this.#step };
  }

  /** autocannon opens a new connection and writes to it before it tells of the deadline. */
  #timedOut(): void {
    const late = this.#overtaken;
    this.#overtaken = null;
    if (late !== null) this.#tell(late, 'timeout');
  }

  /** With a call under way: after its deadline, of which is told next, or after its connection was lost. */
  #ended(): void {
    if (this.#isOver || this.#open === null) return;
    this.#settleOvertaken();
    this.#overtaken = this.#open;
    this.#open = null;
  }

  #settleOvertaken(): void {
    const lost = this.#overtaken;
    this.#overtaken = null;
    if (lost === null) return;
    this.drops++;
    this.#tell(lost, this.#error === 'ECONNREFUSED' ? 'refused' : 'reset');
    this.#error = null;
  }

  #answered(): void {
    this.#settleOvertaken();
    const [open, reply] = [this.#open, this.#reply];
    this.#open = null;
    this.#reply = null;
    if (open === null || reply === null) return;
    const context = {
      era: this.#target.era,
      inSession: this.#sessionId !== null,
      isRequest: open.step !== 'initialized',
    };
    const outcome = outcomeOf(reply, context);
    this.#tell(open, outcome);
    this.#goOn(open, outcome, reply);
  }

  #goOn({ step, at }: Open, outcome: Outcome, reply: Reply): void {
    const before = this.#step;
    if (step === 'initialize' && outcome === 'ok') {
      this.#sessionId = sessionIdIn(reply);
      this.#held = this.#book.opened(at, this.#held);
      this.#step = 'initialized';
    } else if (step === 'initialized') this.#step = 'call';
    else if (outcome === 'session-lost') {
      this.#sessionId = null;
      this.#held?.lost(at);
      this.#step = this.#first;
    }
    if (this.#step !== before) this.#aim();
  }

  /** A notification is part of the handshake, not a request of its own. */
  #tell({ at, step }: Open, outcome: Outcome): void {
    if (step === 'initialized') return;
    if (step === 'call') this.#held?.called(at);
    const kind = step === 'call' ? 'call' : 'initialize';
    const tool = step === 'call' ? 0 : -1;
    const latencyMs = this.#clock.now() - at;
    const session = this.#session;
    this.#report({ call: 0, session, kind, tool, at, lagMs: 0, latencyMs, outcome });
  }
}

/** autocannon tells header names as the server wrote them. */
const inLowerCase = (headers: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
