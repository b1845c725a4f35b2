import type { IDataObject } from 'n8n-workflow';

import { LONGEST_PAGE, readRuns } from '../../../../nodes/shared/api/newestRuns';

function page(body: unknown, status = 200) {
	return readRuns({ status, headers: {}, body });
}

const one: IDataObject = { id: '1' };
const full = Array.from({ length: LONGEST_PAGE }, (_, index) => ({ id: `run ${index}` }));

it.each<[string, IDataObject, { next: string; isLast: boolean }]>([
	['nothing about others', { items: [one] }, { next: '', isLast: false }],
	['that there are no others', { items: [one], next: null }, { next: '', isLast: true }],
	['so in the other spelling', { items: [one], next_pq: '' }, { next: '', isLast: true }],
	['where they are', { items: [one], next: 'abc' }, { next: 'abc', isLast: false }],
	[
		'where, in the other spelling',
		{ items: [one], next_pq: 'abc' },
		{ next: 'abc', isLast: false },
	],
	[
		'that there are none, though it is full',
		{ items: full, next: null },
		{ next: '', isLast: false },
	],
])('reads a page that says %s', (_what, body, { next, isLast }) => {
	expect(page(body)).toEqual({ runs: body.items, next, isLast, isWhole: true });
});

it.each<[string, unknown[], unknown[]]>([
	['a hole', [one, null], [one]],
	['a run without an id', [one, { status: 'queued' }], [one, { status: 'queued' }]],
])('knows a page with %s for one that does not show all', (_what, items, runs) => {
	expect(page({ items, next: null })).toEqual({ runs, next: '', isLast: true, isWhole: false });
});

it.each<[string, unknown, number]>([
	['a refusal', { items: [] }, 403],
	['no object', [one], 200],
	['no list', { items: { 0: one } }, 200],
	['an empty answer', '', 200],
])('does not read %s as a page', (_what, body, status) => {
	expect(page(body, status)).toBeUndefined();
});
