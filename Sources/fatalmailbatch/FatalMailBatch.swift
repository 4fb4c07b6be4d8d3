import Listeners

@main extension FatalMailBatch {}
