import { Session, type Profiler } from 'node:inspector';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { ownBlock, type Block, type OwnBlock } from './profile';

/** How long the event loop was blocked while something was done. */
export interface Blocked {
	/** The longest block, in milliseconds. */
	longest: number;
	/** The block in which code of ours took the longest. Undefined where no profile was taken. */
	own?: OwnBlock;
}

/** How often the event loop is sampled, in milliseconds. */
const TICK = 5;
/** How often the profiler samples the stack, in microseconds. */
const SAMPLE = 500;
/** How many functions of a block are named. */
const TOP = 15;

/**
 * Does something and says how long the event loop was blocked meanwhile.
 * @param profiled whether to record whose code blocked it, which costs time and CPU
 */
export async function watchLoop(work: () => Promise<void>, profiled: boolean): Promise<Blocked> {
	return profiled ? await watchClosely(work) : { longest: await longestBlock(work) };
}

/** The longest block, in milliseconds. Runs no other code: CPU is measured meanwhile, also while work waits. */
async function longestBlock(work: () => Promise<void>): Promise<number> {
	const delay = monitorEventLoopDelay({ resolution: TICK });
	delay.enable();
	// It counts from its first sample on: a block before that would not be seen.
	await sleep(4 * TICK);
	try {
		await work();
	} finally {
		delay.disable();
	}
	return delay.max / 1e6;
}

async function watchClosely(work: () => Promise<void>): Promise<Blocked> {
	const session = new Session();
	await startProfile(session);
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
	return { longest, own: ownBlock(await stopProfile(session), blocks, TOP) };
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
