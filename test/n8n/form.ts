import { setTimeout as sleep } from 'node:timers/promises';

/** How long a form may take to be there, or to finish, in milliseconds. */
const DEADLINE_MS = 60_000;

/** A file of an ending page, as n8n puts it there for the page's script to download. */
interface PageFile {
	fileName: string;
	type: string;
	data: { data: number[] };
}

/** What the visitor of a form gets to see. */
export interface FormEnding {
	html: string;
	files: { fileName: string; type: string; bytes: Buffer }[];
}

/** A page, once n8n has registered it: it answers 404 until a moment after the workflow was published. */
export async function openForm(url: string): Promise<string> {
	const deadline = Date.now() + DEADLINE_MS;
	for (;;) {
		const response = await fetch(url);
		if (response.ok) return await response.text();
		await response.text();
		if (Date.now() > deadline) throw new Error(`${url} answers ${response.status}.`);
		await sleep(100);
	}
}

/**
 * Fills in a form and follows it to its ending page, with the requests that n8n's own page sends: post the
 * fields, ask whether the next page is there, open it, and report to n8n that it was shown.
 * @param fields in the order of the form: `field-0`, `field-1`, …
 */
export async function submitForm(url: string, fields: (string | File)[]): Promise<FormEnding> {
	const body = new FormData();
	for (const [index, field] of fields.entries()) body.append(`field-${index}`, field);
	const response = await fetch(url, { method: 'POST', body });
	const text = await response.text();
	if (!response.ok) throw new Error(`The form answered ${response.status}: ${text}`);
	const { formWaitingUrl } = JSON.parse(text) as { formWaitingUrl: string };
	await untilNextPage(formWaitingUrl);
	const html = await openForm(formWaitingUrl);
	const shown = await fetch(formWaitingUrl, { method: 'POST' });
	await shown.text();
	const encoded = /const binaries = "([^"]*)"/.exec(html)?.[1] ?? '';
	const files = encoded === '' ? [] : (JSON.parse(decodeURIComponent(encoded)) as PageFile[]);
	return {
		html,
		files: files.map(({ fileName, type, data }) => ({
			fileName,
			type,
			bytes: Buffer.from(data.data),
		})),
	};
}

async function untilNextPage(formWaitingUrl: string): Promise<void> {
	const status = new URL(formWaitingUrl);
	status.pathname += '/n8n-execution-status';
	const deadline = Date.now() + DEADLINE_MS;
	for (;;) {
		const said = await (await fetch(status)).text();
		if (said.trim() === 'form-waiting') return;
		if (!['running', 'new', 'waiting'].includes(said.trim()) || Date.now() > deadline) {
			throw new Error(`The form does not go on: ${said}`);
		}
		await sleep(100);
	}
}
