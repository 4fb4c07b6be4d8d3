import Listeners

@main extension CrashMail {}
