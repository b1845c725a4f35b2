import { Session, type Profiler } from 'node:inspector';
import path from 'node:path';

import { REPOSITORY } from '../n8n/folders';

/** A time in which the event loop did nothing else, in milliseconds by process.hrtime. */
export interface Block {
	from: number;
	to: number;
}

/** How long the event loop was blocked while something was done. */
export interface Blocked {
	/** The longest block, in milliseconds. */
	longest: number;
	/**
	 * The longest that this package's own code took within one block, in milliseconds: all that ran with a function
	 * of ours on the stack, what it calls of n8n included. Undefined where no profile was taken.
	 */
	longestOwn?: number;
}

/** How often the event loop is looked at, in milliseconds. */
const TICK = 5;
/** How often the profiler looks at the stack, in microseconds. */
const SAMPLE = 500;
/** Where this package's own code lies. */
const OWN = path.join(REPOSITORY, 'dist') + path.sep;

/** Does something and says how long the event loop was blocked meanwhile. */
export async function watchLoop(work: () => Promise<void>, profiled: boolean): Promise<Blocked> {
	const session = new Session();
	if (profiled) await startProfile(session);
	const blocks: Block[] = [];
	let last = now();
	const timer = setInterval(() => {
		const at = now();
		if (at - last > 2 * TICK) blocks.push({ from: last, to: at });
		last = at;
	}, TICK);
	try {
		await work();
	} finally {
		clearInterval(timer);
	}
	const longest = Math.max(0, ...blocks.map(({ from, to }) => to - from));
	if (!profiled) return { longest };
	const profile = await stopProfile(session);
	return { longest, longestOwn: longestOwn(profile, blocks) };
}

/** The longest that code of ours took within one of the blocks, in milliseconds. */
export function longestOwn(
	{ nodes, samples = [], timeDeltas = [], startTime }: Profiler.Profile,
	blocks: readonly Block[],
): number {
	const own = ownNodes(nodes);
	const took = blocks.map(() => 0);
	let at = startTime / 1000;
	let block = 0;
	for (const [index, sample] of samples.entries()) {
		const passed = (timeDeltas[index] ?? 0) / 1000;
		at += passed;
		while ((blocks[block]?.to ?? Infinity) < at) block++;
		const { from = Infinity } = blocks[block] ?? {};
		if (at >= from && own.has(sample)) took[block] = (took[block] ?? 0) + passed;
	}
	return Math.max(0, ...took);
}

/** The ids of the nodes that have a function of ours on their way from the root. */
function ownNodes(nodes: readonly Profiler.ProfileNode[]): Set<number> {
	const byId = new Map(nodes.map((node) => [node.id, node]));
	const own = new Set<number>();
	const mark = (id: number): void => {
		own.add(id);
		for (const child of byId.get(id)?.children ?? []) if (!own.has(child)) mark(child);
	};
	for (const { id, callFrame } of nodes) {
		if (callFrame.url.includes(OWN) && !own.has(id)) mark(id);
	}
	return own;
}

function now(): number {
	return Number(process.hrtime.bigint()) / 1e6;
}

async function startProfile(session: Session): Promise<void> {
	session.connect();
	await new Promise<void>((resolve) => {
		session.post('Profiler.enable', () => {
			session.post('Profiler.setSamplingInterval', { interval: SAMPLE }, () => {
				session.post('Profiler.start', () => {
					resolve();
				});
			});
		});
	});
}

async function stopProfile(session: Session): Promise<Profiler.Profile> {
	return await new Promise((resolve, reject) => {
		session.post('Profiler.stop', (error, { profile }) => {
			session.disconnect();
			if (error) reject(error);
			else resolve(profile);
		});
	});
}
