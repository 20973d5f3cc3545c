/**
 * `sim FILE --trace REQUEST`: one run (the first contender, or the first of `--only`; the first seed) with the tracer at the
 * door, and the story of that request on stdout. Nothing is written.
 */
import { ScenarioError } from '../core/scenario-error.ts';
import { renderStory } from '../report/story-text.ts';
import { TracedBalancer } from '../results/trace/traced-balancer.ts';
import { TracedWorld } from '../results/trace/traced-world.ts';
import { Tracer } from '../results/trace/tracer.ts';
import { run } from '../run.ts';
import { SimWorld } from '../sim/sim-world.ts';
import { hasColor, print, widthOf } from './console.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { scenarioFromDisk, type ScenarioOptions } from './scenario-file.ts';

export interface TraceOptions extends ScenarioOptions {
  readonly independent?: boolean;
}

/** `request`: `17`, or `17.3` for call 3 of session 17. Throws ScenarioError when there is no such request. */
export const trace = (file: string, request: string, options: TraceOptions): ExitCode => {
  const place = { file: `--trace ${request}` };
  if (!/^\d+(?:\.\d+)?$/.test(request)) {
    throw new ScenarioError(
      "allowed: a request's number such as 17, or 17.3 for call 3 of session 17",
      place,
    );
  }
  const { scenario, inputs } = scenarioFromDisk(file, options);
  const [first] = scenario.contenders;
  const [seed] = scenario.seeds;
  if (first === undefined || seed === undefined) return EXIT.done;
  const { setup } = first;
  const tracer = new Tracer(request, setup);
  run(
    { scenario, inputs, contender: 0, seed, independent: options.independent === true },
    (world) => new TracedWorld(new SimWorld(world), tracer),
    (policies) => ({ ...policies, balancer: new TracedBalancer(policies.balancer, tracer) }),
  );
  const { story } = tracer;
  if (story === null) throw new ScenarioError(missing(request, tracer), place);
  const page = { width: widthOf(process.stdout), color: hasColor(process.stdout) };
  const tools = setup.traffic.calls.map(({ name }) => name);
  print(
    renderStory({ story, contender: first.name, seed, balancer: setup.balancer.name, tools }, page),
  );
  return EXIT.done;
};

const missing = (request: string, { arrivals, callsOfSession }: Tracer): string => {
  const [arrival, call] = request.split('.');
  if (callsOfSession.length > 0) {
    const names = callsOfSession.map((made) => `${arrival}.${made}`).join(', ');
    const got = call === undefined ? '' : `no call ${call}: `;
    return `${got}arrival ${arrival} began a session; allowed: one of its requests: ${names}`;
  }
  if (call !== undefined && Number(arrival) < arrivals)
    return `arrival ${arrival} began no session; allowed: ${arrival}`;
  return arrivals === 0
    ? 'no request arrived'
    : `no such request; arrivals are numbered 0 to ${arrivals - 1}`;
};
