import '../../../../engine/asModelRun';
import '../../../suspend/failedRuns.test';
