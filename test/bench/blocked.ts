import { watchLoop, type Blocked } from './loopProbe';

function spin(ms: number): void {
	const until = performance.now() + ms;
	while (performance.now() < until);
}

/** Blocks at once, as a node does that reads the parameters of all its items. */
async function blockFor120(): Promise<void> {
	spin(120);
	await new Promise((resolve) => setTimeout(resolve, 20));
}

/** What is seen of a block of 120 ms: with a profile, and without. */
async function main(): Promise<void> {
	const seen: [Blocked, Blocked] = [
		await watchLoop(blockFor120, true),
		await watchLoop(blockFor120, false),
	];
	process.send?.(seen);
}

void main();
