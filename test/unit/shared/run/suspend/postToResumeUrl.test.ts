import { statusOfOurs } from '../../../../../nodes/shared/run/suspend/postToResumeUrl';

it.each<[string, number, unknown, number | undefined]>([
	['n8n where nothing waits', 404, { code: 404, message: 'The requested webhook …' }, 404],
	['n8n where the execution runs', 409, { message: 'The execution "7" is running already.' }, 409],
	['n8n where the signature is wrong', 401, { error: 'Invalid token' }, 401],
	['this package', 200, { message: 'The execution resumes' }, 200],
	['a proxy that knows no such path', 404, '404 page not found', undefined],
	['a page to log in by', 200, '<!DOCTYPE html>', undefined],
	['another server, in JSON', 404, {}, undefined],
	['a list', 200, [{ message: 'ok' }], undefined],
	['nothing', 204, undefined, undefined],
])('knows whether the answer at the execution’s address is of %s', (_who, status, body, known) => {
	expect(statusOfOurs({ status, headers: {}, body })).toBe(known);
});

it('knows no status without an answer', () => {
	expect(statusOfOurs(undefined)).toBeUndefined();
});
