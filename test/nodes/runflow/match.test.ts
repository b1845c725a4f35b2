import type { IDataObject } from 'n8n-workflow';

import { findStarted } from '../../../nodes/runflow/match';

const SINCE = Date.parse('2026-04-01T00:00:00Z');
const CREATED = '2026-04-01T00:00:01+00:00';

function found(recorded: unknown, sent: unknown): IDataObject | string {
	const runs = [{ id: 'r', created_at: CREATED, input: { prompt: 'a', image_url: recorded } }];
	const body = { input: { prompt: 'a', image_url: sent } } as IDataObject;
	const page = { runs: runs as IDataObject[], limit: 500, clockAhead: 0, isWhole: true };
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

it.each([
	[true, 'none'],
	[false, 'unclear'],
])('says of a list that shows no such run, whole: %s, %s', (isWhole, said) => {
	const page = { runs: [], limit: 500, clockAhead: 0, isWhole };
	const body = { input: { prompt: 'a' } };
	expect(findStarted(page, { body, since: SINCE, alike: 1 }, () => false)).toBe(said);
});
