import type { INodePropertyOptions } from 'n8n-workflow';

/** What the entry of an operation must say in n8n's lists. */
export function expectOperationWording({
	action = '',
	description = '',
}: INodePropertyOptions): void {
	// Sentence case, no articles, and what it works on. An agent reads the action as the tool's description.
	expect(action).toMatch(/^[A-Z][a-z]+( [a-z]+)+$/);
	expect(action).not.toMatch(/\b(a|an|the)\b/);
	expect(action).toMatch(/\b(images?|text|videos?)\b/);
	// What it costs is stated where it is chosen.
	expect(description).toMatch(/\$0\.\d+ per /);
}
