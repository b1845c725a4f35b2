import { startSandbox, type Sandbox } from '../../sandbox';
import { nothingFound, type Findings } from './findings';
import { stretchesOf, type Stretch } from './plan';

/** What the sieges have found, by their name. */
export type FoundBySiege = Record<string, Findings>;

/**
 * Lays one siege after the other, in front of a Runflow whose runs end when they are told to and that calls nobody.
 * @param stretch which requests of the plan are for all of them, each of which has its share
 * @param lay sends those of one siege, and notes what it finds
 */
export async function layEach<Siege extends { name: string; share: number }>(
	sieges: readonly Siege[],
	stretch: Stretch,
	lay: (siege: Siege, part: Stretch, findings: Findings, sandbox: Sandbox) => Promise<void>,
): Promise<FoundBySiege> {
	const sandbox = await startSandbox({
		manual: true,
		callbackHosts: [],
		callbackRetryDelaysMs: [],
	});
	const found: FoundBySiege = {};
	const shares = sieges.map(({ share }) => share);
	const parts = stretchesOf(stretch.from, stretch.to - stretch.from, shares);
	try {
		for (const [number, siege] of sieges.entries()) {
			const part = parts[number];
			if (part === undefined) continue;
			await lay(siege, part, (found[siege.name] = nothingFound()), sandbox);
		}
	} finally {
		await sandbox.close();
	}
	return found;
}
