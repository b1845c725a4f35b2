/** The heading under which changes wait for the next version. */
const UNRELEASED = '## [Unreleased]';

function headingOf(version: string): RegExp {
	return new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d{2}-\\d{2}$`);
}

/** In: a changelog and what its heading looks like. Out: the text below, without the heading; undefined if there is none. */
function below(changelog: string, isHeading: (line: string) => boolean): string | undefined {
	const lines = changelog.split('\n');
	const start = lines.findIndex(isHeading);
	if (start === -1) return undefined;
	const rest = lines.slice(start + 1);
	const end = rest.findIndex((line) => line.startsWith('## '));
	return rest
		.slice(0, end === -1 ? undefined : end)
		.join('\n')
		.trim();
}

/**
 * In: a changelog in Keep a Changelog's form and a version. Out: what it says of that version, without the heading
 * (`## [1.2.3] - 2026-01-31`); undefined if it says nothing of it.
 */
export function changesOf(changelog: string, version: string): string | undefined {
	const heading = headingOf(version);
	return below(changelog, (line) => heading.test(line));
}

/**
 * In: a changelog. Out: what waits for the next version; undefined if the heading is missing.
 */
export function unreleasedChanges(changelog: string): string | undefined {
	return below(changelog, (line) => line === UNRELEASED);
}

/**
 * In: a changelog, a version and a day (`2026-01-31`). Out: the changelog with all that was unreleased under that version.
 * Throws where nothing is unreleased, or the version has its section already.
 */
export function moveUnreleased(changelog: string, version: string, day: string): string {
	if (changesOf(changelog, version) !== undefined) {
		throw new Error(`CHANGELOG.md has a section for ${version} already.`);
	}
	if (!unreleasedChanges(changelog)) {
		throw new Error(
			`CHANGELOG.md says nothing under "${UNRELEASED}": there is nothing to release.`,
		);
	}
	return changelog.replace(UNRELEASED, `${UNRELEASED}\n\n## [${version}] - ${day}`);
}
