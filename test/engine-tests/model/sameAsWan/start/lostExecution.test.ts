import '../../../../engine/asModelRun';
import '../../../start/lostExecution.test';
