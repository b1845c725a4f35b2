import { invalid, NOTHING, valid } from '../../../../nodes/shared/validation/result';
import { runStatus } from '../../../../nodes/shared/validation/runStatus';
import { readNothing } from './values';

const rule = runStatus(
	{ name: 'Cancelled', value: 'cancelled' },
	{ name: 'Succeeded', value: 'succeeded' },
	{ name: 'Partially Succeeded', value: 'partial_succeeded' },
);

it.each([
	['succeeded', 'succeeded'],
	[' Completed\u200b', 'succeeded'],
	['CANCELED', 'cancelled'],
	['Cancelled', 'cancelled'],
	['partially succeeded', 'partial_succeeded'],
])('reads the status %j', (value, status) => {
	expect(rule(value, readNothing)).toEqual(valid(status));
});

it.each([undefined, null, '', ' '])('reads %j as no status', (value) => {
	expect(rule(value, readNothing)).toEqual(NOTHING);
});

it.each<[unknown, string]>([
	['Running ', '"running"'],
	['errored', '"failed"'],
	[7, '7'],
	[['succeeded'], '["succeeded"]'],
])('refuses %j', (value, shown) => {
	expect(rule(value, readNothing)).toEqual(
		invalid(
			`must be cancelled, succeeded or partial_succeeded, but is ${shown}`,
			'Choose one from the list.',
		),
	);
});
