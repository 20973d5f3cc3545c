/**
 * docs/validation.md: the part about the simulator, between markers, from one run of the suite. What stands outside the
 * markers (how live runs compare) is left as it is.
 */
import { familyOf } from './families/index.ts';
import { describeParams } from './references.ts';
import type { Case, Scope } from './suite.ts';
import type { Validation } from './validate.ts';
import { figure, inErrors, millions, percent, tally } from './wording.ts';

const BEGIN = '<!-- theory: begin (written by `npm run theory -- --docs`) -->';
const END = '<!-- theory: end -->';

/** The document with its part on theory renewed; a new document when there was none. */
export const inDocument = (old: string | null, cases: readonly Case[], scope: Scope): string => {
  const part = `${BEGIN}\n\n${theoryPart(cases, scope)}\n\n${END}`;
  if (old === null || !old.includes(BEGIN) || !old.includes(END))
    return `# Validation\n\n${part}\n${old === null ? '' : `\n${old}`}`;
  const [before, after] = [old.indexOf(BEGIN), old.indexOf(END) + END.length];
  return old.slice(0, before) + part + old.slice(after);
};

const theoryPart = (cases: readonly Case[], scope: Scope): string =>
  [
    INTRODUCTION,
    `Result of this run: **${tally(cases)}**; ${leftOutCount(cases)}.`,
    RULE,
    ...families(cases).map(section),
    '### What is left out, and why',
    leftOut(cases, scope),
  ].join('\n\n');

const INTRODUCTION = `## The simulator against queueing theory

Where queueing theory knows the answer, the simulator has to give it. Each system below is built as a scenario: the real
fleet, the real balancers and the recorder that every report rests on, over simulated servers, with breakers, health checks
and network delays switched off. Theory's values are closed forms or solved Markov chains (\`test/fixtures/refs/queueing.json\`
names the source of each). Times are in units of the mean service time unless a row says otherwise.

    npm run theory              # loads up to 0.8, minutes
    npm run theory -- --all     # all loads, what is affordable
    npm run theory -- --docs    # this page anew

\`WINDTUNNEL_REFS=FILE npm run theory\` takes other entries of the same families. The default set is part of CI, and what is cheap of it of \`npm test\`.`;

const RULE = `**When a quantity passes.** 30 independent replications give 30 figures, their mean and its standard error (SE).
It passes when the mean is within 4 SE of theory *and* the SE is at most 1 % of theory: the first alone would pass any noise,
the second alone any error. Replications start empty and are cut by at least five relaxation times; a short first try, which
looks at the spread alone, decides how long they are. Percentiles of sojourns may be off by 0.4 % more, half a bucket of the
latency histogram; where theory takes the number of servers to infinity, 1,000 servers must be within 2 %, chance included.
Where service is so variable that a mean hangs on a few long services, the luck of the draw is taken out with control
variates, and the controls are compared with theory in their turn. What is within 4 SE with an SE above 1 % is called
imprecise, with one above 3 % (of a P99.9, 1 %) unmeasured: rare events, far tails, moments of heavy tails, each for want of requests. Chance
fails one quantity in 2,500; a failure is tried again with fresh seeds and twice the length, and the second verdict counts.

**How to read the tables.** One row a system: its headline quantity, then how many other quantities were compared and which
of them lies farthest from theory, in SE. Errors of one row go together, as all its quantities come from the same runs.`;

const families = (cases: readonly Case[]): (readonly Case[])[] => {
  const tried = cases.filter(({ validations }) =>
    validations.some(({ leftOut }) => leftOut === null),
  );
  const names = [...new Set(tried.map(({ entry }) => entry.name))];
  return names.map((name) => tried.filter(({ entry }) => entry.name === name));
};

const section = (cases: readonly Case[]): string => {
  const { entry } = cases[0]!;
  const rows = cases.flatMap((each) => each.validations.flatMap((one) => rowOf(each, one)));
  return `### ${entry.name}

Simulated as ${familyOf(entry)!.modelledAs}.

| system | quantity | theory | simulation | error / SE | SE / theory | other quantities | verdict |
| --- | --- | ---: | ---: | ---: | ---: | --- | --- |
${rows.join('\n')}`;
};

const rowOf = ({ entry }: Case, validation: Validation): string[] => {
  const { experiment, judgements, leftOut } = validation;
  const [headline, ...others] = judgements;
  if (leftOut !== null || headline === undefined) return [];
  const { quantity, mean, precision } = headline;
  const system = [describeParams(entry), experiment.label].filter((part) => part !== '').join(', ');
  const failed = judgements.some(({ finding }) => finding === 'failed');
  const cells = [
    system,
    quantity.name,
    `${quantity.rule === 'at-most' ? 'at most ' : ''}${figure(quantity.expected)}`,
    figure(mean),
    inErrors(headline),
    percent(precision),
    summaryOf(others),
    failed ? '**failed**' : headline.finding,
  ];
  return [`| ${cells.join(' | ')} |`];
};

const summaryOf = (others: Validation['judgements']): string => {
  if (others.length === 0) return '';
  const named = (finding: string) =>
    others.filter((each) => each.finding === finding).map(({ quantity }) => quantity.name);
  const measured = others.filter(({ finding }) => finding !== 'unmeasured');
  const farthest = measured
    .filter(({ errors }) => Number.isFinite(errors))
    .sort((a, b) => Math.abs(b.errors) - Math.abs(a.errors))[0];
  const parts = [
    `${measured.length} more`,
    ...(farthest === undefined || farthest.errors === 0
      ? []
      : [`farthest ${farthest.quantity.name} ${inErrors(farthest)}`]),
    ...(['failed', 'imprecise', 'unmeasured'] as const).flatMap((finding) => {
      const names = named(finding);
      return names.length === 0 ? [] : [`${finding}: ${names.join(', ')}`];
    }),
  ];
  return parts.join('; ');
};

const leftOutCount = (cases: readonly Case[]): string => {
  const count = cases.filter(({ outcome }) => outcome === 'left out').length;
  const done = cases.flatMap(({ validations }) => validations);
  const requests = done.reduce((sum, { requests: each }) => sum + each, 0);
  const quantities = done.reduce((sum, { judgements }) => sum + judgements.length, 0);
  return `${count} left out; ${quantities} quantities compared over ${millions(requests)} simulated requests`;
};

const leftOut = (cases: readonly Case[], scope: Scope): string => {
  const beyond = cases.filter(({ outcome }) => outcome === 'not modelled');
  const names = [...new Set(cases.map(({ entry }) => entry.name))];
  const untried = names.flatMap((name) => {
    const systems = cases.filter(({ entry }) => entry.name === name).flatMap(untriedOf);
    return systems.length === 0 ? [] : [`- ${name}: ${systems.join('; ')}.`];
  });
  return [
    'Not modelled:',
    beyond.map(({ entry, reason }) => `- ${entry.name}: ${reason}.`).join('\n'),
    `Not tried in this run, as a queue that loses no one settles too slowly above load ${scope.load}, or the verdict would take more than ${millions(scope.budget.headline)} requests:`,
    untried.join('\n'),
  ].join('\n\n');
};

const untriedOf = ({ entry, outcome, validations }: Case): string[] => {
  if (outcome === 'left out' && validations.length === 0) return [describeParams(entry)];
  return validations.flatMap(({ experiment, leftOut: why }) =>
    why === null ? [] : [`${describeParams(entry)} ${experiment.label} (${why})`],
  );
};
