import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { editorConnection } from '../../../shared/api/catalogue/editorConnection';
import { editorError } from '../../../shared/api/errorTexts/editorError';
import { fetchNewestRuns, LONGEST_PAGE } from '../../../shared/api/newestRuns';
import { readRunId, readRunStatus } from '../../../shared/api/run';
import { asText, isObject } from '../../../shared/values/json';
import { hasWords, searchWords } from '../../../shared/values/text';
import { readTime } from '../../../shared/values/time';
import { LIST_OF_RUNS } from './findRuns';

/** How many runs the list shows at a time. */
const PAGE = 50;
/** How many of the newest runs a search looks through. */
const MAX_SEARCHED = 2000;
const MAX_PROMPT_CHARACTERS = 40;

/**
 * The list of runs to choose from, the newest first. n8n asks for further pages only where nothing is searched for.
 * @param filter words that the entry or the ID of the run must have
 * @param cursor which page to read
 */
export async function searchRuns(
	this: ILoadOptionsFunctions,
	filter = '',
	cursor = '',
): Promise<INodeListSearchResult> {
	const connection = await editorConnection(this);
	const timeZone = this.getTimezone();
	const words = searchWords(filter);
	const results: INodeListSearchItems[] = [];
	const limit = words.length === 0 ? PAGE : LONGEST_PAGE;
	let next = cursor;
	for (let searched = 0; searched < MAX_SEARCHED; searched += limit) {
		const page = await fetchNewestRuns(this, { limit, cursor: next }, connection);
		if (!page.ok) throw editorError(this, page.error, LIST_OF_RUNS);
		const entries = page.value.runs.flatMap((run) => entryOf(run, timeZone));
		results.push(...entries.filter(({ name, value }) => hasWords(`${name} ${value}`, words)));
		next = page.value.next;
		if (words.length === 0 || next === '') break;
	}
	return words.length === 0 && next !== '' ? { results, paginationToken: next } : { results };
}

/** The text of an entry distinguishes runs. n8n shows nothing else of it, and only its first 50 characters or so. */
function entryOf(run: IDataObject, timeZone: string): INodeListSearchItems[] {
	const id = readRunId(run);
	if (id === undefined) return [];
	const parts = [readRunStatus(run), time(run, timeZone), about(run), asText(run.client_ref)];
	return [{ name: parts.filter((part) => part !== '').join(' · '), value: id }];
}

/** The beginning of the prompt, or the model if the run has no prompt. */
function about({ input, model, model_id: modelId }: IDataObject): string {
	const prompt = asText(isObject(input) ? input.prompt : '')
		.replace(/\s+/g, ' ')
		.trim();
	if (prompt === '') return asText(model) || asText(modelId);
	const characters = Array.from(prompt);
	return characters.length <= MAX_PROMPT_CHARACTERS
		? prompt
		: `${characters.slice(0, MAX_PROMPT_CHARACTERS).join('').trimEnd()}…`;
}

/** When the run was created, as the clocks of the workflow show it. */
function time({ created_at: createdAt }: IDataObject, timeZone: string): string {
	const ms = readTime(createdAt, 'UTC');
	return ms === undefined ? '' : new Date(ms).toLocaleString('sv-SE', { timeZone }).slice(0, 16);
}
