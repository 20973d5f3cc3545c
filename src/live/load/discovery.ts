/**
 * What the target is, asked before anything is put on it: its era, whether it keeps sessions, its tools, and one call to see
 * that it answers. A target that cannot be reached, wants other credentials or speaks no MCP is told as such, before a report
 * full of failures has to be.
 */
import { ScenarioError } from '../../core/scenario-error.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Era } from '../../core/request.ts';
import type { Reply } from '../driver/exchange.ts';
import { outcomeOf, requestContext } from '../driver/verdict.ts';
import type { Message } from '../driver/wire.ts';
import { isRecord } from '../mcp/is-record.ts';
import { MODERN_VERSION } from '../mcp/names.ts';
import { ReplyJudge } from '../mcp/reply.ts';
import { openAgent, sessionIdIn } from './client.ts';
import { endSessions } from './farewell.ts';
import { callTool, discover, initialize, initialized, listTools } from './messages.ts';
import { post, TIMED_OUT } from './post.ts';
import { shownUrl, type Endpoint } from './target.ts';
import type { ChosenTool, ListedTool } from './tools.ts';

const PATIENCE_MS = 10_000;
const INITIALIZE = '`initialize`';
/** Pages of tools/list that are asked for: a cursor that never ends is a fault of the target. */
const MOST_PAGES = 50;

export interface Discovered {
  readonly era: Era;
  readonly sessions: boolean;
  readonly tools: readonly ListedTool[];
  /** It closes each connection after its answer. */
  readonly closes: boolean;
}

export interface Trial {
  readonly outcome: Outcome;
  /** What it answered, for a person; may echo what it was sent. */
  readonly said: string;
}

/** One short conversation with the target. */
export class Discovery {
  readonly #endpoint: Endpoint;
  readonly #agent;
  #era: Era = 'modern';
  /** What was answered when it was asked for its era; null when it was not asked, or has one. */
  #eraAnswer: Answer | null = null;
  #sessionId: string | null = null;
  #ids = 0;
  #closes = false;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    this.#agent = openAgent(endpoint);
  }

  /** Throws ScenarioError. */
  async meet(era: Era | 'auto'): Promise<Discovered> {
    this.#era = era === 'auto' ? await this.#eraOf() : era;
    if (this.#era === 'legacy') await this.#shakeHands();
    const tools = await this.#listTools();
    return { era: this.#era, sessions: this.#sessionId !== null, tools, closes: this.#closes };
  }

  async tryTool(tool: ChosenTool, timeout: number | null): Promise<Trial> {
    const message = callTool(this.#era, ++this.#ids, this.#sessionId, tool);
    const reply = await this.#ask(message, timeout ?? PATIENCE_MS);
    if ('error' in reply)
      return reply.error === TIMED_OUT
        ? { outcome: 'timeout', said: 'no answer in time' }
        : { outcome: 'reset', said: reply.error };
    const context = requestContext(this.#era, this.#sessionId, message);
    const outcome = outcomeOf(reply, context);
    return { outcome, said: bodyOf(reply).toString().slice(0, MOST_SAID) };
  }

  async close(): Promise<void> {
    const ids = this.#sessionId === null ? [] : [this.#sessionId];
    await endSessions(this.#agent, this.#endpoint, ids);
    await this.#agent.destroy();
  }

  /** Modern servers must know `server/discover`; whatever else is answered, `initialize` decides. */
  async #eraOf(): Promise<Era> {
    const reply = await this.#answer(discover(++this.#ids));
    const { result } = messageOf(reply);
    const versions = isRecord(result) ? result['supportedVersions'] : undefined;
    if (Array.isArray(versions) && versions.includes(MODERN_VERSION)) return 'modern';
    this.#eraAnswer = reply;
    return 'legacy';
  }

  async #shakeHands(): Promise<void> {
    const reply = await this.#answer(initialize(++this.#ids));
    if (!isRecord(messageOf(reply).result)) this.#refuse(INITIALIZE, reply);
    this.#sessionId = sessionIdIn(reply);
    await this.#ask(initialized(this.#sessionId), PATIENCE_MS);
  }

  async #listTools(): Promise<ListedTool[]> {
    const tools: ListedTool[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page++) {
      const message = listTools(this.#era, ++this.#ids, this.#sessionId, cursor);
      const reply = await this.#answer(message);
      const { result } = messageOf(reply);
      if (!isRecord(result) || !Array.isArray(result['tools'])) this.#refuse('`tools/list`', reply);
      tools.push(...result['tools'].filter(isTool));
      const next = result['nextCursor'];
      if (typeof next !== 'string' || next === '') break;
      cursor = next;
    }
    return tools;
  }

  /** An answer over HTTP. Throws ScenarioError when there is none, or when it is about who is asking. */
  async #answer(message: Message): Promise<Answer> {
    const reply = await this.#ask(message, PATIENCE_MS);
    const place = { file: shownUrl(this.#endpoint.url) };
    if ('error' in reply) throw new ScenarioError(unreachable(reply.error), place);
    if (reply.status === 401 || reply.status === 403) {
      const message = `it answers ${reply.status}; give credentials with --bearer-env or --header-file`;
      throw new ScenarioError(message, place);
    }
    this.#closes ||= /\bclose\b/i.test(String(reply.headers['connection'] ?? ''));
    return reply;
  }

  #refuse(question: string, { status }: Answer): never {
    const asked = this.#eraAnswer;
    const message =
      asked !== null && question === INITIALIZE
        ? `no MCP server answers here, of either era: HTTP ${asked.status} to \`server/discover\` and ${status} to ${INITIALIZE}, no result to either; is the path right (often /mcp)?`
        : `no MCP server of the ${this.#era} era answers here: HTTP ${status}, no result to ${question}; is the path right (often /mcp), and --era?`;
    throw new ScenarioError(message, { file: shownUrl(this.#endpoint.url) });
  }

  #ask(message: Message, timeout: number): Promise<Reply> {
    return new Promise((done) => post(this.#agent, this.#endpoint, message, timeout, done));
  }
}

type Answer = Exclude<Reply, { readonly error: string }>;

const MOST_SAID = 200;

const bodyOf = ({ status, headers, body }: Answer): Buffer => {
  const judge = new ReplyJudge(
    { era: 'modern', inSession: false, isRequest: true },
    status,
    headers,
  );
  judge.read(body);
  return judge.body();
};

const messageOf = (reply: Answer): { readonly result?: unknown } => {
  try {
    const message: unknown = JSON.parse(bodyOf(reply).toString());
    return isRecord(message) ? message : {};
  } catch {
    return {};
  }
};

const isTool = (tool: unknown): tool is ListedTool =>
  isRecord(tool) && typeof tool['name'] === 'string';

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens here (connection refused)',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its name cannot be looked up now',
  ECONNRESET: 'it closed the connection without an answer',
  UND_ERR_SOCKET: 'it closed the connection without an answer',
  [TIMED_OUT]: `it did not answer within ${PATIENCE_MS / 1000} s`,
  UND_ERR_CONNECT_TIMEOUT: 'it cannot be reached: connecting took too long',
};

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/;

const unreachable = (code: string): string =>
  REASONS[code] ??
  (CERTIFICATE.test(code)
    ? `its certificate is not trusted (${code}); for a certificate authority of your own set NODE_EXTRA_CA_CERTS, or give --insecure`
    : `it cannot be reached (${code})`);
