import { fork } from 'node:child_process';
import { join } from 'node:path';

import type { Blocked } from './loopProbe';

let profiled: Blocked;
let unprofiled: Blocked;

// In a separate process: here, executions of earlier tests may still be at work.
beforeAll(async () => {
	const child = fork(join(__dirname, 'blocked.ts'), [], { execArgv: ['--import', 'tsx'] });
	[profiled, unprofiled] = await new Promise<[Blocked, Blocked]>((resolve, reject) => {
		child.once('message', (seen) => {
			resolve(seen as [Blocked, Blocked]);
		});
		child.once('exit', (code) => {
			reject(new Error(`The process has ended with ${code ?? 'a signal'}`));
		});
	});
});

describe('watchLoop', () => {
	it('sees a block, and that it is not of our making', () => {
		expect(profiled.longest).toBeGreaterThanOrEqual(110);
		expect(profiled.own).toEqual({ own: 0, functions: [] });
	});

	it('sees a block without a profile, and does not say whose it is', () => {
		expect(unprofiled.longest).toBeGreaterThanOrEqual(110);
		expect(unprofiled.own).toBeUndefined();
	});
});
