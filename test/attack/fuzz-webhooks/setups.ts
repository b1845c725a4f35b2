import { startSandbox, type Sandbox } from '../../sandbox';
import { nothingFound, type Findings } from './findings';
import { stretchesOf, type Stretch } from './plan';

/** What the setups have found, by their name. */
export type FoundBySetup = Record<string, Findings>;

/**
 * Fuzzes one setup after the other. Their Runflow ends runs on command only and sends no callbacks.
 * @param stretch the requests of the plan for all setups; each gets its share
 * @param send sends those of one setup and records what it finds
 */
export async function forEachSetup<Setup extends { name: string; share: number }>(
	setups: readonly Setup[],
	stretch: Stretch,
	send: (setup: Setup, part: Stretch, findings: Findings, sandbox: Sandbox) => Promise<void>,
): Promise<FoundBySetup> {
	const sandbox = await startSandbox({
		manual: true,
		callbackHosts: [],
		callbackRetryDelaysMs: [],
	});
	const found: FoundBySetup = {};
	const shares = setups.map(({ share }) => share);
	const parts = stretchesOf(stretch.from, stretch.to - stretch.from, shares);
	try {
		for (const [number, setup] of setups.entries()) {
			const part = parts[number];
			if (part === undefined) continue;
			await send(setup, part, (found[setup.name] = nothingFound()), sandbox);
		}
	} finally {
		await sandbox.close();
	}
	return found;
}
