import MarkdownIt, { type Token } from 'markdown-it';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { repositoryFiles, ROOT } from '../repositoryFiles';

/** A fenced piece of code. */
export interface Block {
	language: string;
	text: string;
}

/** A cell of a table. */
export interface Cell {
	text: string;
	/** What is in italics in it. */
	italics: string[];
	/** Targets of links, unchanged. */
	links: string[];
}

/** What tests ask of a page. */
export interface Page {
	/** From the repository's root. */
	file: string;
	text: string;
	blocks: Block[];
	/** Targets of links and sources of pictures, unchanged. */
	links: string[];
	/** What a link may have after `#`. */
	anchors: Set<string>;
	/** The text of each heading. */
	headings: Set<string>;
	/** Row by row, the heading first. */
	tables: Cell[][][];
}

const markdown = new MarkdownIt({ html: true });

/** As GitHub makes an anchor of a heading, but for its number where the same heading comes again. */
function slugOf(heading: string): string {
	return heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
		.replaceAll(' ', '-');
}

function plainText(inline: Token | undefined): string {
	return (inline?.children ?? []).map(({ content }) => content).join('');
}

function anchorsOf(tokens: Token[], text: string): Set<string> {
	const anchors = new Set<string>();
	tokens.forEach((token, index) => {
		if (token.type !== 'heading_open') return;
		const slug = slugOf(plainText(tokens[index + 1]));
		let anchor = slug;
		for (let again = 1; anchors.has(anchor); again += 1) anchor = `${slug}-${again}`;
		anchors.add(anchor);
	});
	for (const [, id] of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(String(id));
	return anchors;
}

function headingsOf(tokens: Token[]): Set<string> {
	const found = tokens.flatMap(({ type }, index) =>
		type === 'heading_open' ? [plainText(tokens[index + 1])] : [],
	);
	return new Set(found);
}

function linksOf(tokens: Token[]): string[] {
	return tokens.flatMap((token) => {
		if (token.type === 'inline') return linksOf(token.children ?? []);
		if (token.type === 'link_open') return String(token.attrGet('href'));
		if (token.type === 'image') return String(token.attrGet('src'));
		if (!token.type.startsWith('html_')) return [];
		const html = [...token.content.matchAll(/\b(?:href|src|srcset)="([^" ]+)/g)];
		return html.map(([, target]) => String(target));
	});
}

function italicsOf(inline: Token): string[] {
	const found: string[] = [];
	let depth = 0;
	for (const { type, content } of inline.children ?? []) {
		if (type === 'em_open') {
			depth += 1;
			found.push('');
		} else if (type === 'em_close') depth -= 1;
		else if (depth > 0) found.push(`${found.pop() ?? ''}${content}`);
	}
	return found;
}

function tablesOf(tokens: Token[]): Cell[][][] {
	const tables: Cell[][][] = [];
	let inTable = false;
	for (const token of tokens) {
		if (token.type === 'table_open') tables.push([]);
		if (token.type === 'table_open' || token.type === 'table_close') inTable = !inTable;
		if (token.type === 'tr_open') tables.at(-1)?.push([]);
		if (token.type === 'inline' && inTable) {
			tables
				.at(-1)
				?.at(-1)
				?.push({
					text: plainText(token),
					italics: italicsOf(token),
					links: linksOf(token.children ?? []),
				});
		}
	}
	return tables;
}

/**
 * In: the path of a Markdown file, from the repository's root. Out: what is on it.
 */
export function readPage(file: string): Page {
	const text = readFileSync(join(ROOT, file), 'utf8');
	const tokens = markdown.parse(text, {});
	return {
		file,
		text,
		blocks: tokens
			.filter(({ type }) => type === 'fence')
			.map(({ info, content }) => ({ language: info.trim(), text: content })),
		links: linksOf(tokens),
		anchors: anchorsOf(tokens, text),
		headings: headingsOf(tokens),
		tables: tablesOf(tokens),
	};
}

/**
 * Out: the pages for people who use the package or work on it.
 */
export function readPages(): Page[] {
	return repositoryFiles()
		.filter((file) => /^([\w-]+|(?:docs|examples|test)\/.+|\.github\/[\w-]+)\.md$/.test(file))
		.map(readPage);
}
