/** What 100 % of CPU means: the HPA reckons in the request of a pod, a server in its slots. */
import { placeOf } from '../../tree.ts';
import { refuseAt, type Draft } from '../draft.ts';
import type { PodReading } from '../pods.ts';

/** Utilisation is of the request, slots are busy up to the limit. `policy`: the key of the `hpa` in question. */
export const takeRequest = (draft: Draft, pod: PodReading, policy: string): void => {
  const usesCpu = draft.taken.some(({ key }) => key === `${policy}.cpu`);
  if (!usesCpu) return;
  const { cpuRequest, cpuLimit, source: workload, resourcesPath } = pod;
  if (cpuRequest === null) {
    const why = 'without it the HPA has no utilisation to go by, and scales nothing';
    refuseAt(workload, [...resourcesPath, 'requests', 'cpu'], `missing; ${why}`);
    return;
  }
  if (cpuLimit !== null && cpuLimit > cpuRequest) {
    const share = `${Number(((cpuRequest / cpuLimit) * 100).toPrecision(6))}%`;
    draft.take(`${policy}.request`, share, workload, [...resourcesPath, 'requests', 'cpu']);
  }
  draft.assume(
    `a server with all its slots busy uses its CPU ${cpuLimit === null ? 'request' : 'limit'}`,
    placeOf(workload.tree, resourcesPath),
  );
};
