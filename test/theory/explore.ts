import { experimentsOf } from './families/index.ts';
import { openLaboratory } from './laboratory.ts';
import { describeParams, readReferences, referencesFile } from './references.ts';
import { validate } from './validate.ts';
const file = referencesFile();
const entries = readReferences(file);
const lab = openLaboratory(Number(process.env.T ?? 1));
const only = new RegExp(process.argv[2] ?? '.');
const budget = Number(process.argv[3] ?? 3e6);
const maxLoad = Number(process.argv[4] ?? 0.8);
const t0 = performance.now();
let total = 0;
for (const [i, e] of entries.entries()) {
  if (!only.test(e.name)) continue;
  let xs;
  try {
    xs = experimentsOf(e);
  } catch (err) {
    console.log('NM', e.name, (err as Error).message);
    continue;
  }
  for (const [x, ex] of xs.entries()) {
    if (ex.load > maxLoad) continue;
    const t = performance.now();
    const v = await validate(
      ex,
      (length, seed) => lab.run({ file, entry: i, experiment: x, length, seed }),
      budget,
      1 + 1000 * (10 * i + x),
    );
    total += v.requests;
    console.log(
      `${e.name.slice(0, 22)} ${describeParams(e).slice(0, 60)} [${ex.label}] ${((performance.now() - t) / 1000).toFixed(1)}s ${(v.requests / 1e6).toFixed(2)}M ${v.leftOut ?? ''} ${v.confirmed ? 'CONFIRM' : ''}`,
    );
    for (const j of v.judgements)
      if (j.finding !== 'passed' || process.argv[5])
        console.log(
          `    ${j.quantity.name.padEnd(18)} ${j.quantity.expected} ${j.mean.toPrecision(6)} err ${j.errors.toFixed(2)} prec ${(100 * j.precision).toFixed(2)}% ${j.finding}`,
        );
  }
}
console.log('total', (performance.now() - t0) / 1000, 's', total / 1e6, 'M');
await lab.close();
