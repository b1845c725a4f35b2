import { credentialDialog } from './editor/credentialDialog';
import { firstResult } from './editor/firstResult';
import { folded } from './editor/folded';
import { listening } from './editor/listening';
import { modelRun } from './editor/modelRun';
import { nodePanel } from './editor/nodePanel';
import { refusals } from './editor/refusals';
import { runs } from './editor/runs';
import { setUpEditor } from './editor/setup';

// One n8n and one browser for all of them: a start takes longer than most of what is done here.
const setup = setUpEditor();

describe('a person in the editor', () => {
	nodePanel(setup);
	credentialDialog(setup);
	runs(setup);
	modelRun(setup);
	refusals(setup);
	listening(setup);
	folded(setup);
	firstResult(setup);
});
