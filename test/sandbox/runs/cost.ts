import { videoSeconds } from './askedVideo';
import type { SandboxRun } from './run';

const DECIMALS = 4;

/**
 * In: a run. Out: its cost in dollars as a decimal string; null while it is not over, zero when it made nothing.
 * @see docs/runflow-api.md, "Models" and "Billing"
 */
export function runCost(run: SandboxRun): string | null {
	if (run.completedAtMs === null) return null;
	return (run.model.price.usd * billedUnits(run)).toFixed(DECIMALS);
}

function billedUnits(run: SandboxRun): number {
	if (run.status === 'failed' || run.status === 'canceled') return 0;
	const { per } = run.model.price;
	if (per === 'image') return run.artifacts.length;
	if (per === 'request') return 1;
	return videoSeconds(run.input);
}
