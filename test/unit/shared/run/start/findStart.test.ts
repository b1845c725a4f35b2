import type { IDataObject } from 'n8n-workflow';

import {
	findStart,
	type RunsPage,
	type SoughtStart,
} from '../../../../../nodes/shared/run/start/findStart';

const SINCE = Date.parse('2026-04-01T00:00:00Z');
const CREATED = '2026-04-01T00:00:01+00:00';
const BEFORE = '2026-03-31T23:00:00+00:00';
/** A run can have been made two seconds before the start was sent, since Runflow's clock shows whole seconds. */
const EARLIEST = new Date(SINCE - 2000).toISOString();
const HASH = '0123456789abcdef0123456789abcdef';

function idOf(found: IDataObject | string): unknown {
	return typeof found === 'string' ? found : found.id;
}

function page(runs: IDataObject[], rest: Partial<RunsPage> = {}): RunsPage {
	return { runs, more: false, isWhole: true, clockAhead: 0, ...rest };
}

describe('a start that the node has named', () => {
	const sought: SoughtStart = {
		reference: `n8n-item-0-${HASH}`,
		hash: HASH,
		input: undefined,
		since: SINCE,
	};
	const run: IDataObject = { id: 'r', created_at: CREATED, client_ref: sought.reference };
	const other: IDataObject = { id: 's', created_at: CREATED, client_ref: 'n8n-item-1-ffff' };

	function found(runs: IDataObject[], rest: Partial<RunsPage> = {}): unknown {
		return idOf(findStart(page(runs, rest), sought, () => false));
	}

	it.each<[string, IDataObject]>([
		['with any other contents', { input: { prompt: 'another' }, status_code: 'failed' }],
		['whenever it was made', { created_at: BEFORE }],
		['under another name of the workflow', { client_ref: `n8n-renamed-item-0-${HASH}` }],
	])('is found by its hash, %s', (_how, change) => {
		expect(found([other, { ...run, ...change }], { clockAhead: undefined })).toBe('r');
	});

	it('is not one that failed before it, under the same key of the user’s own', () => {
		expect(found([{ ...run, status_code: 'failed', created_at: BEFORE }])).toBe('none');
		expect(found([{ ...run, status_code: 'failed', created_at: EARLIEST }])).toBe('r');
		const isKnown = (runId: string) => runId === 'r';
		expect(findStart(page([{ ...run, status_code: 'failed' }]), sought, isKnown)).toBe('none');
	});

	it('is not found without an id: it could not be read', () => {
		expect(found([{ ...run, id: undefined }], { isWhole: false })).toBe('unclear');
	});

	it.each<[string, IDataObject[], Partial<RunsPage>, string]>([
		['there are no runs at all', [], {}, 'none'],
		['these are all runs', [other], {}, 'none'],
		[
			'they reach back before the start',
			[other, other, { ...other, created_at: BEFORE }],
			{ more: true },
			'none',
		],
		[
			'they reach back to the earliest moment only',
			[other, { ...other, created_at: EARLIEST }],
			{ more: true },
			'unclear',
		],
		['they do not reach back so far', [other], { more: true }, 'unclear'],
		['they are in no order', [{ ...other, created_at: BEFORE }, other], { more: true }, 'unclear'],
		[
			'they are in no order, though they end before the start',
			[{ ...other, created_at: BEFORE }, other, { ...other, created_at: BEFORE }],
			{ more: true },
			'unclear',
		],
		['one of them cannot be read', [other], { isWhole: false }, 'unclear'],
		['no run since then shows a name', [{ ...other, client_ref: null }], {}, 'unclear'],
		['runs without a name are older', [{ id: 's', created_at: BEFORE }], {}, 'none'],
		[
			'a run without a name is of the earliest moment',
			[{ id: 's', created_at: EARLIEST }],
			{},
			'unclear',
		],
		['only some runs have a name', [other, { id: 't', created_at: CREATED }], {}, 'none'],
	])('is not there where %s: %#', (_which, runs, rest, said) => {
		expect(found(runs, rest)).toBe(said);
	});

	it.each([
		[9, 'unclear'],
		[11, 'none'],
	])(
		'is looked for up to ten minutes earlier where the clock is not known: %d',
		(minutes, said) => {
			const created_at = new Date(SINCE - minutes * 60_000).toISOString();
			const rest = { more: true, clockAhead: undefined };
			expect(found([{ ...other, created_at }], rest)).toBe(said);
		},
	);

	it('may have been sent at any time where that is not known', () => {
		const lost = { ...sought, since: undefined };
		const older = page([{ ...other, created_at: BEFORE }], { more: true });
		expect(findStart(older, lost, () => false)).toBe('unclear');
		expect(findStart({ ...older, more: false }, lost, () => false)).toBe('none');
	});
});

describe('a start under a Client Reference of the user’s own', () => {
	const run = {
		id: 'r',
		client_ref: 'order-1001',
		status_code: 'running',
		created_at: CREATED,
		input: { prompt: 'a', image_url: 'https://storage.example/org/a-1?sig=x' },
	};
	const sought: SoughtStart = {
		reference: 'order-1001',
		input: { prompt: 'a', image_url: 'runflow://assets/a-1' },
		since: SINCE,
	};

	function named(
		runs: IDataObject[],
		rest: Partial<SoughtStart> = {},
		clockAhead: RunsPage['clockAhead'] = 0,
	): unknown {
		const isKnown = (runId: string) => runId === 'known';
		return idOf(findStart(page(runs, { clockAhead }), { ...sought, ...rest }, isKnown));
	}

	it.each<[string, Partial<typeof run>, Partial<SoughtStart>]>([
		['with the same input', {}, {}],
		[
			'that shows the asset’s reference',
			{ input: { prompt: 'a', image_url: 'runflow://assets/a-1' } },
			{},
		],
		['that was made at the earliest moment', { created_at: EARLIEST }, {}],
		['that is older, where it may be', { created_at: BEFORE }, { since: undefined }],
		[
			'with inline media, which Runflow replaces',
			{},
			{ input: { prompt: 'a', image_url: 'data:image/png;base64,AA' } },
		],
	])('is the only one %s', (_which, change, rest) => {
		const others = [
			{ ...run, id: 'other', client_ref: 'order-1002' },
			{ ...run, id: 'failed', status_code: 'failed' },
			{ ...run, id: 'known' },
		];
		expect(named([...others, { ...run, ...change }], rest)).toBe('r');
	});

	it.each<[string, IDataObject[], string]>([
		['under another reference', [{ ...run, client_ref: 'order-1' }], 'none'],
		['with another prompt', [{ ...run, input: { ...run.input, prompt: 'b' } }], 'none'],
		['without a file', [{ ...run, input: { prompt: 'a' } }], 'none'],
		['that failed', [{ ...run, status_code: 'failed' }], 'none'],
		['that another item has', [{ ...run, id: 'known' }], 'none'],
		['that is older', [{ ...run, created_at: BEFORE }], 'none'],
		['beside another one', [run, { ...run, id: 's' }], 'unclear'],
		[
			'that may have another file',
			[{ ...run, input: { prompt: 'a', image_url: 'https://x/b-2' } }],
			'unclear',
		],
		['that does not show its input', [{ ...run, input: null }], 'unclear'],
	])('is none %s', (_which, runs, said) => {
		expect(named(runs)).toBe(said);
	});

	it('is none that is older by Runflow’s own clock', () => {
		const created_at = new Date(SINCE + 50_000).toISOString();
		expect(named([{ ...run, created_at }], {}, 51_000)).toBe('r');
		expect(named([{ ...run, created_at }], {}, 60_000)).toBe('none');
	});

	it.each<[string, unknown, string]>([
		['all of them', ['a', 'b'], 'r'],
		['fewer', ['a'], 'none'],
		['more', ['a', 'b', 'c'], 'none'],
		['others', ['a', 'c'], 'none'],
		['a text', 'ab', 'none'],
		['nothing', undefined, 'none'],
	])('with a number and two images is the run that shows %s', (_which, images, said) => {
		const sent = { input: { seed: 7, images: ['a', 'b'] } };
		expect(named([{ ...run, input: { seed: 7, images } }], sent)).toBe(said);
	});
});
