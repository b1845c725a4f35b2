import type { Session } from './session';

/** Sends a message in the chat of a workflow, as the editor's chat panel does. Returns the execution's id. */
export async function sendChatMessage(
	{ rest }: Session,
	workflowId: string,
	trigger: string,
	chatInput: string,
): Promise<string> {
	const item = { json: { sessionId: 'one-person', action: 'sendMessage', chatInput } };
	const data = {
		startTime: Date.now(),
		executionTime: 0,
		executionIndex: 0,
		executionStatus: 'success',
		data: { main: [[item]] },
		source: [null],
	};
	const { executionId } = await rest<{ executionId: string }>(
		'POST',
		`/rest/workflows/${workflowId}/run`,
		{ triggerToStartFrom: { name: trigger, data } },
	);
	return executionId;
}
