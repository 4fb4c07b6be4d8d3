import Listeners

@main extension MemMon {}
