import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

import { ROOT } from '../repositoryFiles';
import { readPages, type Cell } from './page';

/** Matches anything in a message of a table. */
const ANYTHING = '…';

/** Marks what a template puts in. */
const GAP = '\0';

/** Every text of a file, templates with a gap for each expression. */
function textsOf(file: string): string[] {
	const found: string[] = [];
	const visit = (node: ts.Node) => {
		if (ts.isStringLiteralLike(node)) found.push(node.text);
		if (ts.isTemplateExpression(node)) {
			const pieces = [node.head, ...node.templateSpans.map(({ literal }) => literal)];
			found.push(pieces.map(({ text }) => text).join(GAP));
		}
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022));
	return found;
}

const texts = readdirSync(join(ROOT, 'dist'), { recursive: true, encoding: 'utf8' })
	.filter((file) => file.endsWith('.js'))
	.flatMap((file) => textsOf(join(ROOT, 'dist', file)));

function escape(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Whether a text of the package contains exactly this message. */
function isWritten(message: string): boolean {
	const pieces = message.split(ANYTHING).map((piece) => escape(piece.trim()));
	const pattern = new RegExp(pieces.join('.*'), 's');
	return texts.some((text) => pattern.test(text));
}

/** Whether a template begins as the message does, and what it puts in can be said as well. */
function isPutTogether(message: string): boolean {
	return texts.some((text) => {
		const pieces = text.split(GAP);
		return pieces.some((_, index) => {
			// The message may end before the template does, in what that puts in.
			const begin = pieces.slice(0, index + 1);
			if (index === pieces.length - 1 || !begin.some((piece) => /\w\W+\w/.test(piece)))
				return false;
			const gaps = new RegExp(`^${begin.map(escape).join('(.+)')}(.+)$`, 's').exec(message);
			return gaps?.slice(1).every(isFilling) ?? false;
		});
	});
}

/** Whether the package may put this into a template: its own names, in a list, or anything. */
function isFilling(gap: string): boolean {
	return gap
		.split(/ and |, |"/)
		.map((part) => part.replaceAll(ANYTHING, '').trim())
		.every((part) => part === '' || texts.some((text) => text.replaceAll(GAP, '').trim() === part));
}

/** Whether the message is a parameter's name, followed by a text that begins as the rest. */
function isAboutAParameter(message: string): boolean {
	const said = message.endsWith(ANYTHING) ? message.slice(0, -ANYTHING.length).trim() : message;
	const names = texts.filter((text) => said.startsWith(`${text} `));
	return names.some((name) =>
		texts.some((text) => text.startsWith(said.slice(name.length).trim())),
	);
}

function canBeSaid(message: string): boolean {
	return isWritten(message) || isPutTogether(message) || isAboutAParameter(message);
}

/** A cell in italics from end to end has messages of the package; others describe, or quote n8n. */
function messagesOf({ text, italics }: Cell): string[] {
	const besides = italics.reduce((rest, message) => rest.replace(message, ''), text);
	return /^[\s,]*$/.test(besides) ? italics : [];
}

const rows = readPages()
	.filter(({ file }) => ['README.md', 'docs/troubleshooting.md'].includes(file))
	.flatMap(({ file, tables }) =>
		tables
			.filter(([heading]) => heading?.[0]?.text === 'Message')
			.flatMap((table) => table.slice(1).map(([cell]) => ({ file, cell }))),
	);
const messages = rows.flatMap(({ file, cell }) =>
	cell ? messagesOf(cell).map((message) => ({ file, message })) : [],
);

describe('the messages of the troubleshooting tables', () => {
	it('are found', () => {
		expect(messages.length).toBeGreaterThan(5);
	});

	it.each(messages)('$file: $message', ({ message }) => {
		expect(texts.length).toBeGreaterThan(500);
		expect(message.replaceAll(ANYTHING, '').trim()).not.toBe('');
		expect(canBeSaid(message)).toBe(true);
	});

	it('would not be found if the package did not say them', () => {
		expect(canBeSaid('The run is on holiday')).toBe(false);
		expect(canBeSaid('… must be a whole number of …')).toBe(false);
		expect(canBeSaid('The run is not finished after … fortnights')).toBe(false);
		expect(canBeSaid('Image and Cinema are both given')).toBe(false);
	});
});
