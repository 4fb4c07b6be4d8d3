import Listeners

@main enum CrashSMS {
    static func main() { Superlance.run(as: "crashsms") }
}
