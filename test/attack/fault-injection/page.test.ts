import { readFileSync } from 'node:fs';
import path from 'node:path';

import { ROOT } from '../../repositoryFiles';
import { generate } from './cases';
import { matrixPage } from './page';
import { REQUESTS } from './requests';
import type { CaseResult } from './caseResult';

const { cases, none } = generate();

function results(outcomes: Record<string, string>): CaseResult[] {
	return cases
		.filter(({ id }) => id.startsWith('session/401/'))
		.map((one) => ({
			case: one,
			outcome: outcomes[one.completion ?? ''] ?? 'error, no run',
			message: 'Invalid | key',
			broken: [],
			seconds: 1,
			accepted: 0,
			storedLength: 0,
		}));
}

function rowsOf(page: string): string[] {
	return page.split('\n').filter((line) => line.startsWith('| 401'));
}

it('writes one row for settings with the same result', () => {
	const page = matrixPage({ date: '2026-01-01', commit: 'abc' }, results({}), none);
	expect(rowsOf(page)).toEqual(['| 401 | error, no run | error, no run | 0 | _Invalid \\| key_ |']);
	expect(page).toContain(
		'2026-01-01, commit abc: 18 cases, 0 of them with a promise broken or not',
	);
});

it('names the settings when results differ, and what is broken', () => {
	const all = results({ polling: 'result' });
	expect(rowsOf(matrixPage({ date: '', commit: '' }, all, none))[0]).toContain(
		'error, no run (immediately, callback); result (polling)',
	);
	const [first, ...others] = all;
	if (first === undefined) throw new Error('There are no cases');
	const broken: CaseResult = { ...first, broken: [{ promise: 'once', line: 'item 1 has 2 runs' }] };
	const page = matrixPage({ date: '', commit: '' }, [broken, ...others], none);
	expect(rowsOf(page)[0]).toContain('**error, no run: item 1 has 2 runs**');
});

it('counts a case that could not be run as broken, and says why', () => {
	const [first, ...others] = results({});
	if (first === undefined) throw new Error('There are no cases');
	const page = matrixPage(
		{ date: '', commit: '' },
		[{ ...first, failed: 'no port' }, ...others],
		none,
	);
	expect(page).toContain('18 cases, 1 of them with a promise broken or not carried out');
	expect(rowsOf(page)[0]).toContain('**error, no run: no port**');
});

it('says why faults do not apply to a request', () => {
	const page = matrixPage({ date: '', commit: '' }, [], none);
	expect(page).toContain('403 for an expired link: no link is used');
	expect(page).toContain('GET /v1/auth/me');
});

/** The page without what GitHub folds. */
function unfolded(page: string): string {
	return page.replace(/<details>\n<summary>[^\n]+<\/summary>\n\n.*?\n\n<\/details>\n/gs, '');
}

it.each([
	['a new page', matrixPage({ date: '', commit: '' }, results({}), none)],
	['docs/faults.md', readFileSync(path.join(ROOT, 'docs/faults.md'), 'utf8')],
])('folds the table of each request, so that the summary is short: %s', (_, page) => {
	expect(page.match(/^<summary>/gm)).toHaveLength(REQUESTS.length);
	expect(page).toContain('| Fault |');
	expect(unfolded(page)).not.toContain('| Fault |');
	expect(unfolded(page).split(/\s+/).length).toBeLessThan(400);
});
