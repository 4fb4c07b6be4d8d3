import Listeners

@main extension Superlance {}
