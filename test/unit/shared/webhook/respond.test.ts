import type { INode, IWebhookFunctions, IWorkflowMetadata } from 'n8n-workflow';

import { answerWith, log, refuse, type Logging } from '../../../../nodes/shared/webhook/respond';

/** A request, what was answered, and what was logged. */
function request(headersSent = false): {
	context: IWebhookFunctions;
	answers: unknown[];
	lines: string[];
} {
	const answers: unknown[] = [];
	const lines: string[] = [];
	const response = {
		headersSent,
		status: (code: number) => ({ json: (body: unknown) => answers.push([code, body]) }),
	};
	const warn = (line: string): void => {
		lines.push(line);
	};
	const context: Pick<IWebhookFunctions, 'getResponseObject'> & Logging = {
		getResponseObject: () => response as never,
		getNode: () => ({ name: 'Trigger' }) as INode,
		getWorkflow: () => ({ id: '1' }) as IWorkflowMetadata,
		logger: { warn } as unknown as Logging['logger'],
	};
	return { context: context as IWebhookFunctions, answers, lines };
}

it('logs one line of 400 characters at most', () => {
	const { context, lines } = request();
	log(context, `a \r\n\tb ${'x'.repeat(500)}`);
	expect(lines).toEqual([`"Trigger" a b ${'x'.repeat(396)}`]);
});

it('logs the detail of a refusal, where there is one, and does not answer with it', () => {
	const { context, answers, lines } = request();
	refuse(context, { status: 400, reason: 'No' });
	refuse(context, { status: 503, reason: 'Not yet', detail: 'busy' });
	expect(lines).toEqual([
		'"Trigger" refused a callback with 400: No',
		'"Trigger" refused a callback with 503: Not yet (busy)',
	]);
	expect(answers).toEqual([
		[400, { message: 'No' }],
		[503, { message: 'Not yet' }],
	]);
});

it('answers nothing when the request is answered already', () => {
	const { context, answers } = request(true);
	expect(answerWith(context, 200, 'Late')).toEqual({ noWebhookResponse: true });
	expect(answers).toEqual([]);
});
