import { drawCard, type Card } from '../media/card';
import { canvasPng } from '../media/png';
import { cardVideo } from '../media/video';
import { toneWav } from '../media/wav';
import type { SandboxState } from '../state';
import type { Artifact, SandboxRun } from './run';

/** A player asks for a file in parts, which must not draw it each time. */
const KEPT_FILES = 8;

const SOUND_HERTZ = 220;

/** As many as the name of a downloaded file has. */
const RUN_ID_CHARACTERS = 8;

/**
 * In: a run and one of its artifacts. Out: its file, which is drawn only now that it is fetched; the last few are
 * kept.
 */
export function drawArtifact(state: SandboxState, run: SandboxRun, artifact: Artifact): Buffer {
	const { drawnFiles } = state;
	const known = drawnFiles.get(artifact.path);
	if (known !== undefined) return known;
	const file = draw(run, artifact);
	drawnFiles.set(artifact.path, file);
	const [oldest] = drawnFiles.keys();
	if (drawnFiles.size > KEPT_FILES && oldest !== undefined) drawnFiles.delete(oldest);
	return file;
}

function draw(run: SandboxRun, artifact: Artifact): Buffer {
	const seconds = artifact.durationSeconds ?? 0;
	switch (artifact.type) {
		case 'image':
			return canvasPng(drawCard(cardOf(run, artifact)));
		case 'video':
			return cardVideo(cardOf(run, artifact), seconds);
		case 'audio':
			return toneWav(seconds, SOUND_HERTZ);
	}
}

/** What was asked: the model, the length, the size and the prompt. */
function cardOf(run: SandboxRun, artifact: Artifact): Card {
	const { width, height, pattern, durationSeconds } = artifact;
	const which =
		durationSeconds === null
			? `Image ${run.artifacts.indexOf(artifact) + 1} of ${run.artifacts.length}`
			: `${durationSeconds} s`;
	return {
		width,
		height,
		pattern,
		heading: run.model.name,
		facts: `${which}, ${width}x${height}`,
		text: typeof run.input.prompt === 'string' ? run.input.prompt : '(no prompt)',
		footer: `Sandbox run ${run.id.slice(-RUN_ID_CHARACTERS)}`,
	};
}
