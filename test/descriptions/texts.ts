import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(__dirname, '../..');

/** A text in the code, and its place. */
export interface Text {
	where: string;
	/** `…` replaces what is filled in when the program runs. */
	words: string;
	/** Whether it is a name that the editor shows, where it is given. */
	names: boolean;
}

const NAMING = new Set(['displayName', 'name', 'placeholder', 'multipleValueButtonText']);

/** Every text of the code that is shipped: messages, advice, descriptions, lines of the log. */
export function textsOfTheCode(): Text[] {
	return ['nodes', 'credentials'].flatMap((folder) =>
		readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
			.filter((file) => file.endsWith('.ts'))
			.flatMap((file) => textsOf(join(ROOT, folder, file))),
	);
}

function textsOf(file: string): Text[] {
	const source = ts.createSourceFile(
		file,
		readFileSync(file, 'utf8'),
		ts.ScriptTarget.ES2022,
		true,
	);
	const texts: Text[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
		const words = wordsOf(node);
		if (words !== undefined) {
			const { line } = source.getLineAndCharacterOfPosition(node.getStart());
			const { parent } = node;
			const names = ts.isPropertyAssignment(parent) && NAMING.has(parent.name.getText());
			texts.push({ where: `${relative(ROOT, file)}:${line + 1}`, words, names });
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return texts;
}

function wordsOf(node: ts.Node): string | undefined {
	if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
	if (!ts.isTemplateExpression(node)) return undefined;
	return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…');
}
