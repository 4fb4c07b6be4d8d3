import Listeners

@main extension CrashMailBatch {}
