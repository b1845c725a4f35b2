import { stillTrue, type Outcome } from './outcomes';

const NOW = { code: 'code', all: 'all' };

function known(...outcomes: Partial<Outcome>[]): unknown[] {
	const whole = outcomes.map((one): Outcome => ({ key: 'k', status: 'Survived', ...NOW, ...one }));
	return [...stillTrue(whole, NOW)].map(([key, { status }]) => [key, status]);
}

it('reuses found changes for the same code, and others for the same tests', () => {
	expect(known({}, { key: 'l', status: 'Killed', all: 'other' })).toEqual([
		['k', 'Survived'],
		['l', 'Killed'],
	]);
	expect(known({ all: 'other' }, { status: 'NoCoverage', all: 'other' })).toEqual([]);
	expect(known({ status: 'Killed', code: 'other' })).toEqual([]);
});

it('uses the latest outcome', () => {
	expect(known({}, { status: 'Timeout' })).toEqual([['k', 'Timeout']]);
});
