import type { INodeParameters } from 'n8n-workflow';

/** One row of a documentation page's table, and how a user fills it in. */
export interface FieldRow {
	/** As the page names it: `input.` and its name, or a request parameter. */
	field: string;
	/** What the user sets in the node. Parameters of the Options collection are under `options`. */
	parameters: INodeParameters;
	/** What must arrive at Runflow. */
	sent: unknown;
}

/** The parameters of several rows together, as the editor would store them. */
export function together(...rows: INodeParameters[]): INodeParameters {
	const all: INodeParameters = {};
	const options: INodeParameters = {};
	for (const row of rows) {
		Object.assign(all, row);
		Object.assign(options, row.options);
	}
	return { ...all, options };
}

/** A request body from rows: what each sends, at the place that its name says. */
export function bodyOf(...rows: Pick<FieldRow, 'field' | 'sent'>[]): Record<string, unknown> {
	const input: Record<string, unknown> = {};
	const body: Record<string, unknown> = { input };
	for (const { field, sent } of rows) {
		if (field.startsWith('input.')) input[field.slice('input.'.length)] = sent;
		else body[field] = sent;
	}
	return body;
}
