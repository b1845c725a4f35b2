import '../../../../engine/asModelRun';
import '../../../start/stopped.test';
