import type { INodeParameters } from 'n8n-workflow';

import { setLimits } from '../../engine/engine';
import { binary, sources, WAN } from '../../engine/workflows';
import type { LoggedRequest } from '../../sandbox';
import { gradientPng } from '../../sandbox/media/png';
import {
	bench,
	CREATE,
	LIST,
	paid,
	parameters,
	posts,
	retry,
	runTwice,
	secondUnreadable,
} from './scene';

const immediately: INodeParameters = { ...parameters, completion: 'immediately' };

/** The start of this item. */
function startOf(prompt: string) {
	const where = ({ json }: LoggedRequest) =>
		(json as { input: { prompt: string } }).input.prompt === prompt;
	return { ...CREATE, where };
}

function reads(path: RegExp): number {
	return bench.sandbox.requests.filter(
		(request) => request.method === 'GET' && path.test(request.path),
	).length;
}

/** The prompts of all starts that were sent. */
function sent(): string[] {
	return bench.sandbox
		.posts('/runs')
		.map(({ json }) => (json as { input: { prompt: string } }).input.prompt)
		.sort();
}

describe('the next try of Retry On Fail, while an earlier one is under way,', () => {
	it('takes the run of a start that is answered while it looks for it', async () => {
		setLimits(bench.engine, { startHandled: 7000 });
		// One pause of 4 seconds: of many short ones, each would end late on a busy machine.
		bench.sandbox.addFault({ match: CREATE, kind: 'slow', overMs: 8000, drips: 2 });
		const body = { items: [], next: null };
		bench.sandbox.addFault({ match: LIST, kind: 'status', status: 200, body, times: Infinity });
		const outcome = await runTwice({ ...immediately, ...secondUnreadable }, 1000);
		expect(outcome.error).toBeUndefined();
		const run = bench.sandbox.acceptedRuns().find(({ input }) => input.prompt === 'a');
		expect(outcome.items(WAN)[0]?.json.id).toBe(run?.id);
		expect(sent()).toEqual(['a', 'b']);
		expect(reads(/^\/v1\/runs$/)).toBe(2);
	});

	it('sends another start where that one is refused late, and still looks for it', async () => {
		setLimits(bench.engine, { startHandled: 0 });
		const additionalInput = `={{ $itemIndex === 0 && !$vars.nextTry ? '{"unheard_of": 1}' : '{}' }}`;
		bench.sandbox.addFault({ match: startOf('a'), kind: 'slow', overMs: 3000 });
		bench.sandbox.addFault({ match: { ...startOf('a'), nth: 2 }, kind: 'reset-after' });
		bench.sandbox.addFault({ match: { ...LIST, nth: 2 }, kind: 'status', status: 403 });
		const node = { ...immediately, ...secondUnreadable, options: { additionalInput } };
		const outcome = await runTwice(node, 2000);
		expect(outcome.error).toBeUndefined();
		expect(paid().sort()).toEqual(['a', 'b']);
		expect(sent()).toEqual(['a', 'a', 'b']);
	});

	it('starts the run of a file that is still being uploaded, so that the earlier one does not', async () => {
		const base64 = gradientPng(32, 24, 1).toString('base64');
		const data = { base64, mimeType: 'image/png', fileName: '1.png' };
		const match = { method: 'POST', path: '/confirmations' };
		bench.sandbox.addFault({ match, kind: 'slow', overMs: 1500 });
		// So that the earlier try has uploaded its file before this one ends.
		bench.sandbox.addFault({ match: CREATE, kind: 'slow', overMs: 2000 });
		const withFile = { ...immediately, images: sources(binary('data')) };
		const outcome = await runTwice({ ...withFile, ...secondUnreadable }, 1000, [
			{ data },
			{ data },
		]);
		expect(outcome.error).toBeUndefined();
		expect(sent()).toEqual(['a', 'b']);
	});
});

describe('the next try of Retry On Fail', () => {
	it('does not look for a start that Runflow has refused', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'status', status: 429 });
		const outcome = await bench.run(immediately, [{ prompt: 'a' }], retry);
		expect(outcome.error).toBeUndefined();
		expect([posts(), reads(/^\/v1\/runs$/)]).toEqual([2, 0]);
	});

	it('does not read a run again that it has found in the list', async () => {
		bench.sandbox.addFault({ match: CREATE, kind: 'reset-after' });
		bench.sandbox.addFault({ match: LIST, kind: 'status', status: 403 });
		const outcome = await bench.run(immediately, [{ prompt: 'a' }], retry);
		expect(outcome.error).toBeUndefined();
		expect([posts(), reads(/^\/v1\/runs$/), reads(/\/runs\/[^/]+$/)]).toEqual([1, 2, 0]);
	});
});
