import { readRetryAfter } from '../../../../../nodes/shared/api/result/result';

it.each([
	['7', 7000],
	['0.5', 500],
	['Thu, 01 Jan 1970 00:00:10 GMT', 9000],
	['0', undefined],
	['-1', undefined],
	['', undefined],
	['soon', undefined],
	[undefined, undefined],
	[7, undefined],
])('reads Retry-After %j as %j', (header, wait) => {
	expect(readRetryAfter(header, 1000)).toBe(wait);
});
