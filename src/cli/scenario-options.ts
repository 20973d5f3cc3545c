/** What the command line may change of a scenario. */
/** The options that change what is simulated; all of them are part of the command that reproduces it. */
export interface ScenarioOptions {
  readonly set?: readonly string[];
  readonly seeds?: string;
  readonly only?: readonly string[];
  readonly quick?: boolean;
  /** Manifests that describe the servers, in the place of what the scenario says. */
  readonly kubernetes?: readonly string[];
  /** Which workload of the manifests the servers are. */
  readonly workload?: string;
}
