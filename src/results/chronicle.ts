/**
 * What was decided and what went wrong, when: the fleet's notes, the states of servers as spans for the strip chart, the
 * spans of faults, and from both the time it took to detect a fault.
 */
import type { Metrics } from '../core/metrics.ts';
import { serverName, type ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import type { FleetNote, ServerState } from '../fleet/intentions.ts';
import type { Fault } from '../scenario/scenario.ts';
import type { FaultSpan, Note, Strip, StripState } from './results.ts';

/** Notes kept of a run; the rest are only counted. */
const NOTES_KEPT = 100;
/** Servers with a strip. */
const STRIPS_KEPT = 40;
/** Spans kept of a server; a breaker may open thousands of times. */
const SPANS_KEPT = 400;

const STRIP_STATE: Readonly<Record<ServerState, StripState>> = {
  closed: 'closed',
  healthy: 'closed',
  open: 'open',
  'half-open': 'half-open',
  unhealthy: 'unhealthy',
  starting: 'starting',
  draining: 'draining',
  gone: 'down',
};

type Circuit = 'closed' | 'half-open' | 'open';

/** Stands for the circuit of a whole server among those of its tools. */
const WHOLE = NaN;

interface History {
  readonly changes: { at: Millis; state: StripState }[];
  unhealthy: boolean;
  /** State of its circuit, or of each tool's. */
  readonly circuits: Map<number, Circuit>;
  opens: number;
  ejections: number;
  /** Where the record of changes ends: at the first that was dropped. */
  knownUntil: Millis;
}

export class Chronicle {
  readonly notes: Note[] = [];
  notesTotal = 0;
  readonly #faults: readonly Fault[];
  readonly #duration: Millis;
  readonly #measuredFrom: Millis;
  readonly #histories = new Map<ServerId, History>();
  readonly #spans: { label: string; from: Millis; to: Millis }[] = [];
  /** By fault: servers that suffer it, and its open span. */
  readonly #suffering = new Map<number, { servers: Map<ServerId, Millis>; span: { to: Millis } }>();
  #detections = 0;
  #detectionMs = 0;
  #scaleUps = 0;
  #scaleDowns = 0;
  #opens = 0;
  #ejections = 0;

  constructor(faults: readonly Fault[], duration: Millis, measuredFrom: Millis) {
    this.#faults = faults;
    this.#duration = duration;
    this.#measuredFrom = measuredFrom;
  }

  note(note: FleetNote): void {
    const { at, kind, server, text, because, state, tool } = note;
    this.#keep({ at, kind, server: server === null ? null : serverName(server), text, because });
    if (server !== null && state !== null) this.#enter(at, server, state, tool);
  }

  fault(now: Millis, fault: number, server: ServerId, on: boolean): void {
    const { label } = this.#faults[fault]!;
    let suffering = this.#suffering.get(fault);
    if (on) {
      if (suffering === undefined) {
        const span = { label, from: now, to: this.#duration };
        this.#spans.push(span);
        suffering = { servers: new Map(), span };
        this.#suffering.set(fault, suffering);
        this.#keep({
          at: now,
          kind: 'fault',
          server: null,
          text: `${label}: begins`,
          because: 'the scenario says so',
        });
      }
      suffering.servers.set(server, now);
    } else if (suffering !== undefined) {
      suffering.servers.delete(server);
      if (suffering.servers.size > 0) return;
      suffering.span.to = now;
      this.#suffering.delete(fault);
      this.#keep({
        at: now,
        kind: 'fault',
        server: null,
        text: `${label}: ends`,
        because: 'the scenario says so',
      });
    }
  }

  metrics(): Metrics {
    return {
      scaleUps: this.#scaleUps,
      scaleDowns: this.#scaleDowns,
      breakerOpens: this.#opens,
      ejections: this.#ejections,
      ...(this.#detections > 0 && { detectionMsMean: this.#detectionMs / this.#detections }),
    };
  }

  opensOf(server: ServerId): number {
    return this.#histories.get(server)?.opens ?? 0;
  }

  ejectionsOf(server: ServerId): number {
    return this.#histories.get(server)?.ejections ?? 0;
  }

  faultSpans(): FaultSpan[] {
    return this.#spans;
  }

  /** Servers that changed state, by name's number. */
  strips(): Strip[] {
    const servers = [...this.#histories.keys()].sort((a, b) => a - b).slice(0, STRIPS_KEPT);
    return servers.map((server) => ({
      server: serverName(server),
      spans: this.#spansOf(this.#histories.get(server)!),
    }));
  }

  #keep(note: Note): void {
    if (this.notesTotal++ < NOTES_KEPT) this.notes.push(note);
  }

  #enter(at: Millis, server: ServerId, state: ServerState, tool = WHOLE): void {
    const history = this.#history(server);
    const measured = at >= this.#measuredFrom;
    switch (state) {
      case 'unhealthy':
        history.unhealthy = true;
        this.#detect(at, server, measured);
        if (measured) {
          history.ejections++;
          this.#ejections++;
        }
        break;
      case 'healthy':
        history.unhealthy = false;
        break;
      case 'open':
      case 'half-open':
      case 'closed':
        if (state === 'open' && measured) {
          history.opens++;
          this.#opens++;
        }
        history.circuits.set(tool, state);
        break;
      case 'starting':
        if (measured) this.#scaleUps++;
        break;
      case 'draining':
        if (measured) this.#scaleDowns++;
        break;
      case 'gone':
        if (measured && history.changes.at(-1)?.state === 'starting') this.#scaleDowns++;
        break;
    }
    const shown =
      state === 'healthy' || state === 'closed' || state === 'half-open' || state === 'open';
    const strip = shown
      ? history.unhealthy
        ? 'unhealthy'
        : worstOf(history.circuits)
      : STRIP_STATE[state];
    if (history.changes.length < SPANS_KEPT) history.changes.push({ at, state: strip });
    else history.knownUntil = Math.min(history.knownUntil, at);
  }

  #history(server: ServerId): History {
    let history = this.#histories.get(server);
    if (history === undefined) {
      history = {
        changes: [],
        unhealthy: false,
        circuits: new Map(),
        opens: 0,
        ejections: 0,
        knownUntil: this.#duration,
      };
      this.#histories.set(server, history);
    }
    return history;
  }

  /** A server leaves the eligible set: every fault it suffers, and that was not detected before, is detected. */
  #detect(at: Millis, server: ServerId, measured: boolean): void {
    for (const { servers } of this.#suffering.values()) {
      const since = servers.get(server);
      if (since === undefined || since < 0) continue;
      servers.set(server, -1);
      if (!measured) continue;
      this.#detections++;
      this.#detectionMs += at - since;
    }
  }

  #spansOf(history: History): Strip['spans'] {
    const spans: { from: number; to: number; state: StripState }[] = [];
    const first = history.changes[0]!;
    if (first.state !== 'starting' && first.at > 0)
      spans.push({ from: 0, to: first.at, state: 'closed' });
    history.changes.forEach(({ at, state }, k) => {
      const to = history.changes[k + 1]?.at ?? history.knownUntil;
      const last = spans.at(-1);
      if (last?.state === state) last.to = to;
      else if (to > at) spans.push({ from: at, to, state });
    });
    return spans.filter((span) => span.from < this.#duration);
  }
}

/** Where each tool has a circuit of its own, the server is shown by the one that lets least through. */
const worstOf = (circuits: ReadonlyMap<number, Circuit>): Circuit => {
  const states = new Set(circuits.values());
  return states.has('open') ? 'open' : states.has('half-open') ? 'half-open' : 'closed';
};
