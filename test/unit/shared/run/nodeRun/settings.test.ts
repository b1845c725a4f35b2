import { addressProblem, mixtureProblem } from '../../../../../nodes/shared/run/nodeRun/settings';

describe('completions of items that go together', () => {
	it.each([
		['polling', 'polling'],
		['callback', 'callback'],
		['polling', 'immediately'],
		['immediately', 'polling'],
	] as const)('may be %s and %s', (own, common) => {
		expect(mixtureProblem(own, common)).toBeUndefined();
	});

	it.each([
		['polling', 'callback'],
		['immediately', 'callback'],
		['callback', 'polling'],
		['callback', 'immediately'],
	] as const)('may not be %s and %s', (own, common) => {
		expect(mixtureProblem(own, common)).toEqual({
			parameter: 'Completion',
			problem: 'must be the same for all items',
			advice:
				'Choose a fixed value instead of an expression, or split the items up before this node.',
		});
	});
});

describe('the address to call back', () => {
	it.each([
		['', 'https://api.runflow.io'],
		['https://n8n.example.com/webhook-waiting/7/runflow', 'https://api.runflow.io'],
		['http://localhost:5678/webhook-waiting/7/runflow', 'http://localhost:8080'],
	])('%j is in order for %s', (address, apiUrl) => {
		expect(addressProblem(address, true, apiUrl)).toBeUndefined();
		expect(addressProblem(address, false, apiUrl)).toBeUndefined();
	});

	it('is refused where only its own network reaches it', () => {
		const callbackTo = 'http://localhost:5678/webhook-waiting/7/runflow';
		expect(addressProblem(callbackTo, true, 'https://api.runflow.io')).toEqual({
			parameter: 'Completion',
			problem:
				'"When Finished, on Callback" needs an n8n that Runflow can reach, but the address of this one is http://localhost:5678',
			advice:
				'Set the environment variable WEBHOOK_URL of n8n to its public address (or that of a tunnel), or choose When Finished, Polling.',
		});
	});

	it('is refused where the user has copied such a one', () => {
		const address = 'http://localhost:5678/webhook/7/runflow';
		expect(addressProblem(address, false, 'https://api.runflow.io')).toEqual({
			parameter: 'Callback URL',
			problem: 'leads to http://localhost:5678, which Runflow cannot reach',
			advice:
				'Set the environment variable WEBHOOK_URL of n8n to its public address (or that of a tunnel), and copy the URL again.',
		});
	});
});
