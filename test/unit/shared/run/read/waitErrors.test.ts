import {
	notReportedError,
	waitEndedError,
	waitRanOutError,
} from '../../../../../nodes/shared/run/read/waitErrors';
import { node } from '../node';

const run = { id: 'run-1', status_code: 'running' };
const waited = { minutes: 10, itemIndex: 2 };
const FETCH =
	'get its result later with a Runflow node (Run → Get) and this Run ID, or find it under Runs in Runflow.';

it.each([
	[10, '10 minutes'],
	[1, '1 minute'],
])('says after a wait of %d min where the result still is', (minutes, words) => {
	const error = waitRanOutError(node, run, { ...waited, minutes });
	expect(error.message).toBe(`The run is not finished after ${words} [item 2]`);
	expect(error.description).toBe(
		[
			'The run continues at Runflow and is charged when it succeeds. To get its result without paying again, choose Retry for this execution under Executions, or use a Runflow node (Run → Get) with this Run ID. Execute step would start a new, paid run.',
			'To wait longer next time, raise Maximum Wait (Minutes) under Options.',
			'Run ID: run-1',
		].join('\n'),
	);
	expect(error.context.runId).toBe('run-1');
});

it('says so when a run has no id', () => {
	const { description } = waitRanOutError(node, {}, waited);
	expect(description).toContain('Run ID: unknown');
});

it('says what to check when no callback came', () => {
	const callbackTo = 'https://n8n.example/webhook-waiting/7/runflow?signature=abc';
	const error = notReportedError(node, run, { ...waited, callbackTo });
	expect(error.message).toBe('The wait ended before Runflow reported the end of the run [item 2]');
	expect(error.description).toBe(
		[
			'Either 10 minutes have passed, or the execution was stopped while it waited and then retried.',
			`The run may have ended anyway, and is charged if it succeeded. Do not start it again: ${FETCH}`,
			'Check that Runflow can reach this n8n at https://n8n.example and that the Callback Signing Secrets in the Runflow API credential are right. Otherwise choose When Finished, Polling.',
			'Run ID: run-1',
		].join('\n'),
	);
	expect(error.context.runId).toBe('run-1');
	expect(notReportedError(node, {}, { ...waited, callbackTo }).description).toContain(
		'Run ID: unknown',
	);
});

it('explains a wait that was cut short', () => {
	const error = waitEndedError(node, 'run-1', 5);
	expect(error.message).toBe('The wait for the run was canceled [item 5]');
	expect(error.description).toBe(
		'The run continues at Runflow and is charged when it succeeds. Do not start it again: get its result later with a Runflow node (Run → Get) and this Run ID, or find it under Runs in Runflow.\nRun ID: run-1',
	);
	expect(error.context.itemIndex).toBe(5);
});
