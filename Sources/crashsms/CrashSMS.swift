import Listeners

@main extension CrashSMS {}
