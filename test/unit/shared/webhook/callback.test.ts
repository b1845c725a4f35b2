import { parseCallback, readCallbackRunId } from '../../../../nodes/shared/webhook/callback';

describe('parseCallback', () => {
	it('reads a JSON object with any contents', () => {
		expect(parseCallback(Buffer.from('{"run_id":"1","ünknown":[1]}'))).toEqual({
			run_id: '1',
			ünknown: [1],
		});
	});

	it.each([
		['nothing', ''],
		['no JSON', 'run_id=1'],
		['a cut-off object', '{"run_id":"1"'],
		['a list', '[{"run_id":"1"}]'],
		['a text', '"run"'],
		['null', 'null'],
	])('refuses %s', (_what, body) => {
		expect(parseCallback(Buffer.from(body))).toBeUndefined();
	});

	it('refuses bytes that are not UTF-8', () => {
		expect(
			parseCallback(Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')])),
		).toBeUndefined();
	});
});

describe('readCallbackRunId', () => {
	it('takes the run_id, also with another id beside it', () => {
		expect(readCallbackRunId({ run_id: 'run-1', id: 'event-1' })).toBe('run-1');
	});

	it('reads the id when there is no run_id', () => {
		expect(readCallbackRunId({ id: 'run-1' })).toBe('run-1');
	});
});
