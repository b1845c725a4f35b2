import type { IDataObject } from 'n8n-workflow';

import { findNamed, findStarted } from '../../../nodes/runflow/match';

const SINCE = Date.parse('2026-04-01T00:00:00Z');
const CREATED = '2026-04-01T00:00:01+00:00';

function found(recorded: unknown, sent: unknown): IDataObject | string {
	const runs = [{ id: 'r', created_at: CREATED, input: { prompt: 'a', image_url: recorded } }];
	const body = { input: { prompt: 'a', image_url: sent } } as IDataObject;
	const page = { runs: runs as IDataObject[], more: false, isWhole: true, clockAhead: 0 };
	return findStarted(page, { body, since: SINCE, alike: 1 }, () => false);
}

it.each([
	['as it was sent', 'runflow://assets/a-1'],
	['as a signed URL', 'https://storage.example/org/a-1?sig=x'],
])('takes a run for the one asked for that shows the asset %s', (_how, recorded) => {
	expect(found(recorded, 'runflow://assets/a-1')).toMatchObject({ id: 'r' });
});

it.each(['runflow://assets/b-2', 'https://storage.example/org/b-2?sig=x', null])(
	'does not take one that shows %j instead: items may differ in nothing but their files',
	(recorded) => {
		expect(found(recorded, 'runflow://assets/a-1')).toBe('unclear');
	},
);

describe('inline media, which Runflow replaces', () => {
	const input = { prompt: 'a', image_urls: ['data:image/png;base64,AAAA'] };
	const runs: IDataObject[] = [
		{
			id: 'r',
			created_at: CREATED,
			client_ref: 'order-1001',
			input: { prompt: 'a', image_urls: ['https://storage.example/1.png'] },
		},
	];

	it.each<[string, IDataObject, string | undefined]>([
		['is not taken for the one asked for, since its picture may be another one', {}, undefined],
		['is taken for it by its Client Reference', { client_ref: 'order-1001' }, 'r'],
		['is not taken for it under another one', { client_ref: 'order-1002' }, undefined],
	])('a run with such: %s', (_what, named, id) => {
		const page = { runs, more: false, isWhole: true, clockAhead: 0 };
		const asked = { body: { ...named, input }, since: SINCE, alike: 1 };
		const told = findStarted(page, asked, () => false);
		expect(typeof told === 'string' ? told : told.id).toBe(id ?? 'unclear');
	});
});

it.each([
	['no more runs', false, 'none'],
	['more runs', true, 'unclear'],
] as const)('believes a page without the run that says there are %s', (_what, more, told) => {
	const runs: IDataObject[] = [{ id: 'other', created_at: CREATED, input: { prompt: 'b' } }];
	const asked = { body: { input: { prompt: 'a' } }, since: SINCE, alike: 1 };
	expect(findStarted({ runs, more, isWhole: true, clockAhead: 0 }, asked, () => false)).toBe(told);
});

describe('a run that is asked for by its Client Reference', () => {
	const run = {
		id: 'r',
		client_ref: 'order-1001',
		status_code: 'running',
		callback_url: 'https://n8n.example/1',
		input: { prompt: 'a', image_url: 'https://storage.example/org/a-1?sig=x' },
	};
	const body = {
		client_ref: 'order-1001',
		input: { prompt: 'a', image_url: 'runflow://assets/b-2' },
	};

	function named(runs: IDataObject[], asked: IDataObject = body): unknown {
		return findNamed(runs, asked, (runId) => runId === 'taken')?.id;
	}

	it('is the one, whenever it was made and whichever file was uploaded for it', () => {
		expect(named([{ ...run, id: 'other', client_ref: 'order-1002' }, run])).toBe('r');
	});

	it.each<[string, IDataObject[], IDataObject]>([
		['without a reference', [run, { ...run, client_ref: null }], { input: body.input }],
		['under an empty reference', [{ ...run, client_ref: '' }], { ...body, client_ref: '' }],
		['under another reference', [{ ...run, client_ref: 'order-1' }], body],
		['with another input', [{ ...run, input: { ...run.input, prompt: 'b' } }], body],
		['without a file', [{ ...run, input: { prompt: 'a' } }], body],
		['with other metadata', [run], { ...body, metadata: { size: 'XL' } }],
		['that failed', [{ ...run, status_code: 'failed' }], body],
		['that another item has', [{ ...run, id: 'taken' }], body],
		['beside another one', [run, { ...run, id: 's' }], body],
	])('is none %s', (_which, runs, asked) => {
		expect(named(runs, asked)).toBeUndefined();
	});

	it('is the one beside another one that failed, which was free', () => {
		expect(named([{ ...run, id: 'failed', status_code: 'failed' }, run])).toBe('r');
	});
});

it.each([
	[true, 'none'],
	[false, 'unclear'],
])('says of a list that shows no such run, whole: %s, %s', (isWhole, said) => {
	const page = { runs: [], more: false, clockAhead: 0, isWhole };
	const body = { input: { prompt: 'a' } };
	expect(findStarted(page, { body, since: SINCE, alike: 1 }, () => false)).toBe(said);
});
