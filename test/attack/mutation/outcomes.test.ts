import { stillTrue, type Outcome } from './outcomes';

const NOW = { code: 'code', all: 'all' };

function known(...outcomes: Partial<Outcome>[]): unknown[] {
	const whole = outcomes.map((one): Outcome => ({ key: 'k', status: 'Survived', ...NOW, ...one }));
	return [...stillTrue(whole, NOW)].map(([key, { status }]) => [key, status]);
}

it('believes what was found for the same code, and what was not found for the same tests', () => {
	expect(known({}, { key: 'l', status: 'Killed', all: 'other' })).toEqual([
		['k', 'Survived'],
		['l', 'Killed'],
	]);
	expect(known({ all: 'other' }, { status: 'NoCoverage', all: 'other' })).toEqual([]);
	expect(known({ status: 'Killed', code: 'other' })).toEqual([]);
});

it('believes what came last', () => {
	expect(known({}, { status: 'Timeout' })).toEqual([['k', 'Timeout']]);
});
