import Listeners

@main extension HTTPOk {}
